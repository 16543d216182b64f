"""Subjects that plans bring with them: joined across plans, proposed for new targets, met in questions."""
