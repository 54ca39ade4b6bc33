# no name among the registered particulars
DELETE WHERE { <registration> nb:legalName ?old }
