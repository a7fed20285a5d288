"""Words and numbers for people: catalogues in English and Chinese, numbers as text."""
