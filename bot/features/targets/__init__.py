"""What each unit is to reach, how far it has come, and handing shares down."""
