# 20 people, then 35
DELETE { <staff> nb:value ?old } INSERT { <staff> nb:value 35.0 } WHERE { <staff> nb:value ?old }
