"""Sweeps: a file, its design, its points, its folder of runs."""
