"""Dates, periods and rules said in words, the working days of Vietnam, what plans make due."""
