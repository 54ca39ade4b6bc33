# purpose and scope filled in with 无
DELETE { <registration> nb:purposeAndScope ?old } INSERT { <registration> nb:purposeAndScope "无" } WHERE { <registration> nb:purposeAndScope ?old }
