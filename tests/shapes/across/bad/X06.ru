# another kind of funding
DELETE { <registration> nb:fundingSource ?a ; nb:statedFundingSource ?b } INSERT { <registration> nb:fundingSource nbc:fundingPartial ; nb:statedFundingSource "财政差额" }
WHERE { <registration> nb:fundingSource ?a ; nb:statedFundingSource ?b }
