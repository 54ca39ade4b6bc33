# no figures
DELETE { ?q ?p ?o } WHERE { ?q nb:indicator ?i ; nb:bound ?b ; ?p ?o }
