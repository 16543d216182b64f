"""Reports: filled in, checked, sent, corrected, looked up."""
