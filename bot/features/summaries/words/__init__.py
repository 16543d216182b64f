"""What is said of totals, targets, the missing, files and digests, by situation."""
