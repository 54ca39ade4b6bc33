# the particulars hold a good code, the institution another one, with a division that there is not
# also: ID02-check
# also: ID03
DELETE { ?i nb:unifiedSocialCreditCode ?c } INSERT { ?i nb:unifiedSocialCreditCode "12990000FX0000010B" } WHERE { ?i nb:unifiedSocialCreditCode ?c }
