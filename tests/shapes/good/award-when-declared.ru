# A05: an award that the box names too
DELETE { <e2-1> nb:recipient ?old } INSERT { <e2-1> nb:recipient <https://data.example/org/n-0000000000aa> } WHERE { <e2-1> nb:recipient ?old } ;
DELETE { <section/awards> nb:sectionText ?old } INSERT { <section/awards> nb:sectionText """获评全省全民阅读先进单位。""" } WHERE { <section/awards> nb:sectionText ?old } ;
DELETE { <section/awards> nb:declaredNone ?old } INSERT { <section/awards> nb:declaredNone false } WHERE { <section/awards> nb:declaredNone ?old }
