# the same institution without a code; both reports are the focus
# also: X12 https://data.example/filing/n-0000000000cc/2024/1
DELETE { <https://data.example/org/n-0000000000cc> skos:prefLabel ?old ; nb:unifiedSocialCreditCode ?code } INSERT { <https://data.example/org/n-0000000000cc> skos:prefLabel "霁川县图书馆"@zh } WHERE { <https://data.example/org/n-0000000000cc> skos:prefLabel ?old ; nb:unifiedSocialCreditCode ?code }
