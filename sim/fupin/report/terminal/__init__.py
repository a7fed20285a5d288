"""Reports in the terminal: tables of a run, a comparison, a life, uncertainty."""
