# S03, S04: what is no day of the calendar is not compared (a note tells of it)
DELETE { ?f nb:submissionDate ?d } INSERT { ?f nb:submissionDate "2026-02-30"^^<http://www.w3.org/2001/XMLSchema#date> } WHERE { ?f nb:submissionDate ?d }
