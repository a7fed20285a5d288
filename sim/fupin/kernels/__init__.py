"""The arithmetic that everything stands on: compiled loops, words, exp, log, normal deviates."""
