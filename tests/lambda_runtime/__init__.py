"""Functions in the real Lambda runtime: its own client, as a process per execution environment, on a local Runtime API."""
