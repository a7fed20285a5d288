"""What a run returns: outcomes, draws, and the types of tables."""
