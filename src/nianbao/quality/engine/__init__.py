"""SHACL compiled for bulk: core constraints to Python over terms, SPARQL constraints to one query for all focus nodes.

compiler: a shapes graph compiled and run; core, sparql: its constraints; model: shapes and results; index: a graph in
memory; paths, terms: property paths and literals.
"""
