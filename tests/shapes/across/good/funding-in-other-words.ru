# the same kind of funding in other words
DELETE { <registration> nb:statedFundingSource ?old } INSERT { <registration> nb:statedFundingSource "全额拨款" } WHERE { <registration> nb:statedFundingSource ?old }
