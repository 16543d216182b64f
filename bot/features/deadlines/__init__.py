"""Deadlines that a supervisor sets."""
