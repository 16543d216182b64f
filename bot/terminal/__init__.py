"""What is done from a terminal: questions, the demo, units from a file, checks."""
