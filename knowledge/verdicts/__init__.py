"""Whether what a question quotes is so: of papers, bodies, days, numbers and rows of forms."""
