# two figures were read with low confidence
INSERT DATA { <q1-1> nb:confidence 0.41 . <q1-4> nb:confidence 0.3 . <q1-2> nb:confidence 0.5 }
