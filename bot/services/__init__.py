"""What the product does: functions that join knowledge and storage, and never see an update."""
