"""The card that stands pinned in a private chat: what is on this person's plate now, with the buttons for it."""
