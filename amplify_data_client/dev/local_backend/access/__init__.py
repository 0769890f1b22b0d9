"""Authentication: who calls, and with which credentials."""
