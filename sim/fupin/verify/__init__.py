"""Hashes of results, and runs repeated from what a folder says."""
