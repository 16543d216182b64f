"""The conversation: everything that speaks with officers, operators and Telegram."""
