# a scan whose online name was read with its dot
INSERT { <run> a nb:Extraction ; nb:extractedFrom ?text ; nb:characterOrigin nbc:originOcr }
WHERE { ?f nb:onlineName ?old ; prov:wasDerivedFrom ?text }
