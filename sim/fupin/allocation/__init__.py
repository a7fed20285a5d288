"""The best use of the money: response curves, the search, and a check on luck it has not seen."""
