"""The sandbox held to what Telegram does."""
