"""Runs the client against misbehaving servers, and compares what was executed with what it reported."""
