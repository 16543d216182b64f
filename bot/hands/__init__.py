"""What every feature is held by: commands and buttons, routing, dialogs, menus, who asks."""
