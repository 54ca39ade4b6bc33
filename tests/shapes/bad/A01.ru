# a narrative of a few words
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText """全年接待读者12.6万人次。存在的问题是馆舍偏小。""" } WHERE { <section/activities> nb:sectionText ?old }
