"""The second reader in the chat: what it makes of messages that the own reading doubts, and what is done with it."""
