"""What an officer can do here, a folder for each: its commands, its service, its words."""
