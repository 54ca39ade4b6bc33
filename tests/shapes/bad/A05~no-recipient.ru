# an award without a recipient is one of the institution
DELETE WHERE { <e2-1> nb:recipient ?old }
