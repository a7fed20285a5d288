"""What happens to a household without any policy: income, shocks, migration, saving, assets."""
