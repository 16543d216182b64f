"""Tests of reports whose rows are answered by figures and by yes or no."""
