"""Text PDFs: letters put in order by where they stand, since the order in which they were drawn may be any."""
