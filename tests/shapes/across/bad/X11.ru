# the year before is missing, the one before that is there
DELETE { <https://data.example/report/n-0000000000aa/2023> nb:reportingYear ?old } INSERT { <https://data.example/report/n-0000000000aa/2023> nb:reportingYear "2022"^^xsd:gYear } WHERE { <https://data.example/report/n-0000000000aa/2023> nb:reportingYear ?old }
