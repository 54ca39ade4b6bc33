# most dates are of the year before
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "读者意见当月答复", "2023年3月、2023年5月、2023年7月各清点一次") AS ?new) }
