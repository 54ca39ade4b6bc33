# the same address with a place in front
DELETE { <registration> nb:address ?old } INSERT { <registration> nb:address "云湖市霁川县文津路18号" } WHERE { <registration> nb:address ?old }
