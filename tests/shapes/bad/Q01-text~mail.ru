# a private mailbox in the narrative
DELETE { ?s nb:sectionText ?text } INSERT { ?s nb:sectionText ?more }
WHERE { ?s nb:sectionType nbc:sectionDonations ; nb:sectionText ?text . BIND(CONCAT(?text, "来信请寄 zhang.san@qq.com，") AS ?more) }
