"""Reading YAML with marks: every value knows its file, line and column."""
