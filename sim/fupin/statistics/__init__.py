"""How sure a number is: the analysis of draws and seeds, intervals, pairs, variance."""
