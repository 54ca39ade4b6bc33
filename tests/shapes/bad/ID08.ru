# another person on the cover
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old } INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative "荀若冰" } WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old }
