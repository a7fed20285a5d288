"""Calibration: targets, runs of the model, emulators, posteriors, and tests of all of these."""
