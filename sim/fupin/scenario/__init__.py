"""Scenario files: reading, inheritance, checking, and errors that a planner can act on."""
