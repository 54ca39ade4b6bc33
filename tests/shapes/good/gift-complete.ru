# donor, amount and use are told
DELETE { <section/donations> nb:declaredNone ?none ; nb:sectionText ?old }
INSERT { <section/donations> nb:declaredNone false ; nb:sectionText "接受捐赠一批。" . <gift-1> a nb:Gift ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:donorName "霁川县文津书社" ; nb:amount 32000.0 ; nb:use "充实馆藏" }
WHERE { <section/donations> nb:declaredNone ?none ; nb:sectionText ?old }
