"""Spreadsheets that people send, .xlsx, .xls, .ods, .csv: read as rows of text, within limits; nothing in them runs."""
