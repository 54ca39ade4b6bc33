# a year long gone: the dates of the form are late for it
# also: C02
# also: S03-late
DELETE { <https://data.example/report/n-0000000000aa/2024> nb:reportingYear ?old } INSERT { <https://data.example/report/n-0000000000aa/2024> nb:reportingYear "1924"^^xsd:gYear } WHERE { <https://data.example/report/n-0000000000aa/2024> nb:reportingYear ?old }
