"""Small linear models learned from messages that people wrote, their data and their training."""

from knowledge.learning.linear import LinearModel, load_model

__all__ = ["LinearModel", "load_model"]
