# a character was misspelt
# focus: https://data.example/filing/n-0000000000cc/2024/1
DELETE { ?record nb:statedSponsor <https://data.example/org/n-0000000000dd> } INSERT { ?record nb:statedSponsor <https://data.example/org/n-0000000000ee> } WHERE { ?record nb:statedSponsor <https://data.example/org/n-0000000000dd> } ;
INSERT DATA { <https://data.example/org/n-0000000000ee> a nb:Sponsor ; skos:prefLabel "霁川县文化和族游局"@zh ; nb:nameKey "1dbbe8e4eb22" , "2d1d94feb3ad" , "389312ce94b2" , "3f7a75452c66" , "411d1d6b4f2c" , "4f99f4ff8b88" , "7385f4aee1bf" , "80a4baaef7b8" , "8130c3039a21" , "daa748f15fa4" }
