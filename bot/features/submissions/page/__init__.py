"""A larger form as a page over the chat (a Telegram Mini App), served by the bot's own web server."""
