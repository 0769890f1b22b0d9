"""GraphQL: the schema of the API, and documents from text to answer."""
