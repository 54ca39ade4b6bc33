# the code is given to the institution only, and is none
DELETE { ?r nb:statedCode ?c . ?i nb:unifiedSocialCreditCode ?c } INSERT { ?i nb:unifiedSocialCreditCode "123" } WHERE { ?r nb:statedCode ?c . ?i nb:unifiedSocialCreditCode ?c }
