# an identity number in the narrative
DELETE { ?s nb:sectionText ?text } INSERT { ?s nb:sectionText ?more }
WHERE { ?s nb:sectionType nbc:sectionDonations ; nb:sectionText ?text . BIND(CONCAT(?text, "证件号11010519491231002X。") AS ?more) }
