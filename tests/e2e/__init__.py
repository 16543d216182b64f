"""Whole chats over HTTP, through the sandbox."""
