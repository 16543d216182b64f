"""What words mean here, and the feature that acts on them."""
