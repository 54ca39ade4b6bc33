# a sum and a count of eleven digits, a hot line, a masked number
DELETE { ?s nb:sectionText ?text } INSERT { ?s nb:sectionText ?more }
WHERE { ?s nb:sectionType nbc:sectionDonations ; nb:sectionText ?text .
  BIND(CONCAT(?text, "资金13800000000元，访问13912345678次，热线12345，电话：×××××××××××。") AS ?more) }
