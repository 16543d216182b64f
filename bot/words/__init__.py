"""Wording that several features use: one typed function for each situation."""
