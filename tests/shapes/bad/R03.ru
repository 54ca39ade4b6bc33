# no address
DELETE WHERE { <registration> nb:address ?old }
