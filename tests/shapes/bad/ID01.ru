# no code, and no cover in the text
DELETE WHERE { <registration> nb:statedCode ?old } ;
DELETE WHERE { ?institution nb:unifiedSocialCreditCode ?code } ;
DELETE WHERE { ?filing nb:coverName ?name } ;
DELETE WHERE { ?filing nb:coverLegalRepresentative ?name }
