"""Whom to turn to; questions passed on to a supervisor, and the answers back."""
