"""The commands about the bot itself: welcome, help, leaving, being forgotten."""
