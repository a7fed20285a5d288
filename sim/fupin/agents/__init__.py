"""Who acts: counties and villages are Mesa agents, households are columns sorted by village."""
