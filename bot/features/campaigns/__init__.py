"""A larger form opened for a part of the tree."""
