# growth against the year before
INSERT DATA { <q2-1> a nb:Change ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator <https://data.example/indicator/n-01> ; nb:value 12.5 ; nb:unit unit:PERCENT ; nb:statedValue "12.5%" ; nb:changeKind nbc:ratio ; nb:comparisonBasis nbc:yearOnYear }
