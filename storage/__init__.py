"""The database: tables, and functions that take a connection and return plain values."""
