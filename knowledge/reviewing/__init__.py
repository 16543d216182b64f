"""From a reading to a plan: what a person is asked of it, what was settled, and what the plan changes."""
