# the same address: what is compared is its key
DELETE { <registration> nb:address ?old } INSERT { <registration> nb:address "云湖省霁川县文津路十八号" ; nb:addressKey "霁川县文津路18号" } WHERE { <registration> nb:address ?old }
