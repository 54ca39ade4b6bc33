"""Generators of test files: one invented report in every kind of file, and files that mean harm."""
