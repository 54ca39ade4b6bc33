# L01: a validity in years, and one to a month
DELETE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
INSERT { <section/licences> nb:declaredNone false ; nb:sectionText "出版物经营许可证，有效期五年，自2022年1月1日起；食品经营许可证，2027年6月到期" .
  <licence-1> a nb:Licence ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:licenceName "出版物经营许可证" .
  <licence-2> a nb:Licence ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:licenceName "食品经营许可证" }
WHERE { <section/licences> nb:declaredNone ?none ; nb:sectionText ?old }
