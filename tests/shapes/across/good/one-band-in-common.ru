# a band in common by chance
INSERT { <section/activities> nb:textBand ?band } WHERE { { SELECT ?band { <https://data.example/filing/n-0000000000cc/2024/1/section/activities> nb:textBand ?band } LIMIT 1 } }
