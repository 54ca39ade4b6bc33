# office lines, a code, a mailbox of the institution, a private one that is masked
DELETE { ?s nb:sectionText ?text } INSERT { ?s nb:sectionText ?more }
WHERE { ?s nb:sectionType nbc:sectionDonations ; nb:sectionText ?text .
  BIND(CONCAT(?text, "咨询0000-88888888、400-123-4567，代码12341400FX0000018E，邮箱office@lib.example、×××××@qq.com。") AS ?more) }
