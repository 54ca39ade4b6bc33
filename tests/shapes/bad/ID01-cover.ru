# a cover without a code
DELETE WHERE { <registration> nb:statedCode ?old } ;
DELETE WHERE { ?institution nb:unifiedSocialCreditCode ?code }
