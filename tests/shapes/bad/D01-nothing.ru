# a gift of which nothing is told
DELETE { <section/donations> nb:declaredNone ?none ; nb:sectionText ?old }
INSERT { <section/donations> nb:declaredNone false ; nb:sectionText "接受捐赠一批。"  }
WHERE { <section/donations> nb:declaredNone ?none ; nb:sectionText ?old }
