# no funding source
DELETE WHERE { <registration> nb:statedFundingSource ?w ; nb:fundingSource ?c }
