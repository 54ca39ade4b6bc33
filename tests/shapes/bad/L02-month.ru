# a licence that ran out with a month of the year
DELETE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
INSERT { <section/licences> nb:declaredNone false ; nb:sectionText "食品经营许可证，编号JY000123，有效期至2024年6月" .
  <licence-1> a nb:Licence ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:licenceName "食品经营许可证" }
WHERE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
