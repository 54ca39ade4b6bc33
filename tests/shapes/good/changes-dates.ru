# C02: dates and documents of other years
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """2024年度，依据2023年印发的文件，于2025年1月6日办理了住所变更登记；2023年度报告已公示。""" } WHERE { <section/changes> nb:sectionText ?old } ;
DELETE { <section/changes> nb:declaredNone ?old } INSERT { <section/changes> nb:declaredNone false } WHERE { <section/changes> nb:declaredNone ?old }
