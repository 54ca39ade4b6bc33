# staff in words that are no number
# also: R12
DELETE { <staff> nb:value ?old ; nb:statedValue ?stated } INSERT { <staff> nb:statedValue "二十余人" } WHERE { <staff> nb:value ?old ; nb:statedValue ?stated }
