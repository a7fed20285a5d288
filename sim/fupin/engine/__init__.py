"""Many runs: tasks, workers, one after another or in parallel, resumable."""
