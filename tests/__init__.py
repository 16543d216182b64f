"""The story of the product, told by what it does."""
