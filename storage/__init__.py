"""What is remembered: tables, and functions that take a connection and return plain values."""
