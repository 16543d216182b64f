"""One-message reports of forms whose rows are answered by figures and by yes or no: rows, figures and answers wherever
they stand, each sure, doubted or not said."""
