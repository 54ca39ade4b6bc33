# words that fit no category
DELETE { <registration> nb:statedFundingSource ?old } INSERT { <registration> nb:statedFundingSource "事业费" } WHERE { <registration> nb:statedFundingSource ?old } ;
DELETE WHERE { <registration> nb:fundingSource ?old }
