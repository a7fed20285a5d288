"""A synthetic Hebei: counties from the census, villages and households that sum to them."""
