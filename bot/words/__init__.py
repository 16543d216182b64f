"""Wording that more than one feature uses: one typed function a situation."""
