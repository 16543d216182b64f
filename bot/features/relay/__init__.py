"""Questions passed on to a supervisor, and the answers back."""
