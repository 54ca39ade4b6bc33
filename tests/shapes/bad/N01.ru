# a name without a suffix
DELETE { ?f nb:onlineName ?old } INSERT { ?f nb:onlineName "霁川县图书馆" } WHERE { ?f nb:onlineName ?old }
