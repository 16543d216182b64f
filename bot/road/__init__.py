"""The road: updates come in and are stored, acknowledged and handled in order; messages go out at Telegram's pace."""
