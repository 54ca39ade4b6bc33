# a mobile telephone in the narrative
DELETE { ?s nb:sectionText ?text } INSERT { ?s nb:sectionText ?more }
WHERE { ?s nb:sectionType nbc:sectionDonations ; nb:sectionText ?text . BIND(CONCAT(?text, "咨询 13800000000，谢谢。") AS ?more) }
