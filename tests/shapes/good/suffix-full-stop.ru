# N01: a Chinese full stop for a dot
DELETE { ?f nb:onlineName ?old } INSERT { ?f nb:onlineName "霁川县图书馆。公益" } WHERE { ?f nb:onlineName ?old }
