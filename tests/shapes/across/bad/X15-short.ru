# a short text, last year's to the letter
DELETE { ?s nb:textFingerprint ?old ; nb:textBand ?band ; nb:sectionText ?text }
INSERT { ?s nb:sectionText "完成登记任务，整理档案320卷，接待查询1206人次，群众满意。" }
WHERE { VALUES ?s { <section/activities> <https://data.example/filing/n-0000000000aa/2023/1/section/activities> } ?s nb:textFingerprint ?old ; nb:textBand ?band ; nb:sectionText ?text }
