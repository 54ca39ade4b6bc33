# two years: each is compared with the dates on the form
# also: A04
# also: C02
# also: S03-late
INSERT DATA { <https://data.example/report/n-0000000000aa/2024> nb:reportingYear "2023"^^xsd:gYear }
