# the same purpose and scope, as a numbered list
DELETE { <registration> nb:purposeAndScope ?old } INSERT { <registration> nb:purposeAndScope "（一）收集、整理和借阅图书资料；（二）开展社会教育" } WHERE { <registration> nb:purposeAndScope ?old }
