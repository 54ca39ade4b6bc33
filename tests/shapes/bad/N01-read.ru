# a scan whose online name was read without its dot: the fault is the reader's
DELETE { ?f nb:onlineName ?old }
INSERT { ?f nb:onlineName "霁川县图书馆公益" . <run> a nb:Extraction ; nb:extractedFrom ?text ; nb:characterOrigin nbc:originOcr }
WHERE { ?f nb:onlineName ?old ; prov:wasDerivedFrom ?text }
