# a declared change of a sponsor that is the same
INSERT DATA { <change-1> a nb:RegistrationChange ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:changedItem nbc:itemSponsor }
