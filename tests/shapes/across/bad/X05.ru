# another purpose
DELETE { <registration> nb:purposeAndScope ?old } INSERT { <registration> nb:purposeAndScope "收集、整理和借阅图书资料，经营文创产品。" } WHERE { <registration> nb:purposeAndScope ?old }
