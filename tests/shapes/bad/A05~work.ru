# a prize for a work of the institution
DELETE { <e2-1> nb:recipient ?old } INSERT { <e2-1> nb:statedRecipient "“书香霁川”项目" } WHERE { <e2-1> nb:recipient ?old }
