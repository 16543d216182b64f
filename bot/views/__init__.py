"""Every sentence and keyboard an officer sees: one typed function a situation."""
