# a licence without a date
DELETE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
INSERT { <section/licences> nb:declaredNone false ; nb:sectionText "出版物经营许可证" .
  <licence-1> a nb:Licence ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:licenceName "出版物经营许可证" }
WHERE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
