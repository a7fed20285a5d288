"""Files that are checked when they are read: hashes, seals, canonical JSON."""
