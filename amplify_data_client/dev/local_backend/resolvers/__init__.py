"""Resolvers: what the fields of the API do."""
