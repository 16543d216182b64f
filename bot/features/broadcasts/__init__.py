"""Notices to many units."""
