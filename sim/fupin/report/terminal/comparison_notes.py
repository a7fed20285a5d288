"""What stands under the tables of a comparison on the terminal: how to read them."""

PAIRS = (
    "90% interval: of the mean difference; it narrows with more pairs. next pair: where one "
    "further pair would fall in nine of ten cases (differences.csv; here from 100 columns). "
)
PAIRS_FEW = (
    "90% interval: of the mean difference; it narrows with more pairs. range: of all pairs, and "
    "one more pair may well fall outside it (differences.csv; here from 100 columns). "
)
"""The same of pairs that are too few for percentiles."""
ALL_OUTCOMES = " All outcomes: differences.csv; by county: counties.csv."
BECAUSE = (
    "because: poor in the other world and not here. harmed: the reverse. net = because − harmed, "
    "the difference in the income-poor to the person. register: net of those registered."
)
BECAUSE_RESIZED = (
    "because: poor in the other world and not here. harmed: the reverse. resized: poor persons "
    "whom only the other world has, less those whom only this has. net = because − harmed + "
    "resized, the difference in the income-poor to the person. register: net of those registered."
)
COST = (
    "Money / persons; the interval is Fieller's. all resources: what all resources are worth that"
    " the plan takes up, whoever pays. undefined: the interval of the persons includes zero, so "
    "that no cost can be named. saved: yuan saved for each person fewer. cheaper, more: better "
    "and costs less; dearer, fewer: the reverse."
)
TARGETING = (
    "leak: part of the people served who were not poor. missed: part of the poor in the villages "
    "served who were not. poorest fifth: part of the people served who belong to it (20% would be"
    " blind chance). Other plans: targeting.csv."
)
LINE = (
    "lifted < 5%: part of those who left poverty who are less than 5% above the line. plan's < "
    "5%: the same of those who are out because of the programmes."
)
RUNS_NEEDED = (
    "told: the 90% interval excludes 0 already. Else the number that excludes it in eight of ten "
    "comparisons, if difference and spread are as they seem now. Plans among themselves: "
    "runs_needed.csv."
)
