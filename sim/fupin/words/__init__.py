"""Words and numbers for people: one catalogue in English and Chinese, numbers as text."""
