"""Targets handed down: what a message says of shares, how an amount is divided, and what cannot be a share. Pure."""
