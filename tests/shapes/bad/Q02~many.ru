# one of the form and six of the narrative: the first five in the order of the text are named
INSERT DATA { <initial-capital> nb:confidence 0.4 . <q1-1> nb:confidence 0.41 . <q1-2> nb:confidence 0.37 . <q1-3> nb:confidence 0.37 . <q1-4> nb:confidence 0.3 .
  <q2-1> nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:statedValue "46场" ; nb:confidence 0.3 ; nb:evidence <https://data.example/text/sha256-0f0f#char=410,413> .
  <q2-2> nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:statedValue "4,000人次" ; nb:confidence 0.3 ; nb:evidence <https://data.example/text/sha256-0f0f#char=420,427> }
