"""Reading pages of which there are only pictures."""
