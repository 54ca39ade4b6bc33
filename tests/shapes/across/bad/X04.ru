# another address
DELETE { <registration> nb:address ?old } INSERT { <registration> nb:address "霁川县东城新区书院街2号" } WHERE { <registration> nb:address ?old }
