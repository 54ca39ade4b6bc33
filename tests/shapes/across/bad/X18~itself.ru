# an institution sponsors itself
INSERT DATA { <https://data.example/org/n-0000000000aa> nb:sponsoredBy <https://data.example/org/n-0000000000aa> }
