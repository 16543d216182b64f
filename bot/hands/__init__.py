"""The frame of all features: commands and buttons, routing, dialogs, menus, who asks."""
