"""The world that programmes act in: its start, its clock, its December."""
