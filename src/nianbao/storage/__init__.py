"""Stores, the queries on them and the one writer."""
