"""From a record to RDF; knows no store."""
