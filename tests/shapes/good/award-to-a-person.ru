# A05: an award whose recipient is no organisation of the record
DELETE WHERE { <e2-1> nb:recipient ?old } ;
INSERT DATA {
  <e2-1> nb:statedRecipient "馆员桑晚晴" .
}
