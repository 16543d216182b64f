"""The work behind terminal commands: questions, the demo, units from a file, checks."""
