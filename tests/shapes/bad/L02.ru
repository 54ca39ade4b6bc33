# a licence that ran out in the year
DELETE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
INSERT { <section/licences> nb:declaredNone false ; nb:sectionText "出版物经营许可证，有效期至2024年12月30日" .
  <licence-1> a nb:Licence ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:licenceName "出版物经营许可证" ; nb:validUntil "2024-12-30"^^xsd:date }
WHERE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
