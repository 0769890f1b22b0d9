"""Finds out where the API is and what its schema says: configuration as values and rules."""
