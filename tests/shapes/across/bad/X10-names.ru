# one code, two names that have nothing in common
# also: X02
DELETE { <registration> nb:mainName ?old } INSERT { <registration> nb:mainName "泊梁镇卫生院" } WHERE { <registration> nb:mainName ?old }
