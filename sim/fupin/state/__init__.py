"""The state of a life: households as columns, the register, the ledger, works, openness."""
