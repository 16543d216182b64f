"""Telegram's traffic: updates are stored, acknowledged and handled in order; messages are sent at Telegram's pace."""
