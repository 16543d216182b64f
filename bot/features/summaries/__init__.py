"""What the figures below come to, who is missing, files and pictures of it."""
