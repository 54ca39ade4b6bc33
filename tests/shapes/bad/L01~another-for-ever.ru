# one licence does not expire, the other has no date
DELETE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
INSERT { <section/licences> nb:declaredNone false ; nb:sectionText "《出版物经营许可证》长期有效；《食品经营许可证》编号012" .
  <licence-1> a nb:Licence ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:licenceName "出版物经营许可证" .
  <licence-2> a nb:Licence ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:licenceName "食品经营许可证" }
WHERE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
