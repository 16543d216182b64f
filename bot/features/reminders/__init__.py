"""Who is reminded of what, when, and what they do about it."""
