"""Plans beside a base, as twins: lived worlds, tables, folder, cache."""
