"""The plans that the bot knows."""
