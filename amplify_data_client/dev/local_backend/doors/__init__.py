"""The doors: HTTP requests to GraphQL, S3, SSM and the page; the server and the in-process transports."""
