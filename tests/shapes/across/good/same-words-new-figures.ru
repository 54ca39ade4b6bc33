# last year's words with new figures
DELETE { <section/activities> nb:textFingerprint ?old ; nb:textBand ?band } INSERT { <section/activities> nb:textFingerprint ?new ; nb:textBand ?other }
WHERE { <section/activities> nb:textFingerprint ?old ; nb:textBand ?band . <https://data.example/filing/n-0000000000aa/2023/1/section/activities> nb:textFingerprint ?new ; nb:textBand ?other }
