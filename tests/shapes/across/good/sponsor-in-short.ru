# the same sponsor by its usual short name
DELETE { <registration> nb:statedSponsor ?old } INSERT { <registration> nb:statedSponsor <https://data.example/org/n-0000000000ee> } WHERE { <registration> nb:statedSponsor ?old } ;
INSERT DATA { <https://data.example/org/n-0000000000ee> a nb:Sponsor ; skos:prefLabel "霁川县文旅局"@zh }
