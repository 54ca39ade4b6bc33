# another sponsor
DELETE { <registration> nb:statedSponsor ?old } INSERT { <registration> nb:statedSponsor <https://data.example/org/n-0000000000dd> } WHERE { <registration> nb:statedSponsor ?old }
