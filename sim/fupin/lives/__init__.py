"""One run: its outcomes and figures, what is additional, one household's life."""
