"""What drives the answer of a sweep, and where a plan fails: pure functions over its tables."""
