"""/nhatky: who did what, when."""
