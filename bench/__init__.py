"""Benchmarks: this client beside the bundled JavaScript one, in the same run."""
