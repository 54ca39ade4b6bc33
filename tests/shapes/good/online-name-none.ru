# N01: no online name
DELETE { ?f nb:onlineName ?old } INSERT { ?f nb:onlineName "无" } WHERE { ?f nb:onlineName ?old }
