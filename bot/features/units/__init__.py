"""The tree of units: looked at, changed, brought in from a file."""
