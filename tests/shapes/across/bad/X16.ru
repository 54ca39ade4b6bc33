# the text of another institution; both are the focus
# also: X16 https://data.example/filing/n-0000000000cc/2024/1
DELETE { <section/activities> nb:textFingerprint ?old ; nb:textBand ?band } INSERT { <section/activities> nb:textFingerprint ?new ; nb:textBand ?other }
WHERE { <section/activities> nb:textFingerprint ?old ; nb:textBand ?band . <https://data.example/filing/n-0000000000cc/2024/1/section/activities> nb:textFingerprint ?new ; nb:textBand ?other }
