"""fupin: an agent-based simulation of poverty alleviation in Hebei Province, China.

Importing this package imports nothing heavy; import the module that you need.
"""
