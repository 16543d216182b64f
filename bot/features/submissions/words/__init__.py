"""Reports in words, by situation."""
