# the same address, printed otherwise
DELETE { <registration> nb:address ?old } INSERT { <registration> nb:address "霁川县 文津路18号。" } WHERE { <registration> nb:address ?old }
