"""Questions about the plans, and their answers."""
