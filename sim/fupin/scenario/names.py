"""What a scenario is called, for files and for people of two languages."""

NAMES = ("name", "title", "title_zh", "description", "description_zh")
"""Keys of a scenario that no number depends on, and that a file has for itself alone."""
