"""The official summary as a file: written for an officer, filled in by them, read when it comes back."""
