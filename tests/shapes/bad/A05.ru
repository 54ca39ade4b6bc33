# an award to the institution while the box says none
DELETE { <e2-1> nb:recipient ?old } INSERT { <e2-1> nb:recipient <https://data.example/org/n-0000000000aa> } WHERE { <e2-1> nb:recipient ?old }
