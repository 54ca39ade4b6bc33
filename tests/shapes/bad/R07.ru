# no sponsor
DELETE WHERE { <registration> nb:statedSponsor ?old }
