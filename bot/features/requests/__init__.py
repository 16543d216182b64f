"""More time, a report opened again, a report sent back."""
