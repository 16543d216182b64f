"""Joining, roles, colleagues."""
