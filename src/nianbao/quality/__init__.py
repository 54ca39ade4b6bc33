"""The data-quality audit: SHACL shapes, findings, their formats."""
