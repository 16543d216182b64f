"""The room of what is learned from messages that people wrote: small linear models, their data and their training."""

from knowledge.learning.linear import LinearModel, load_model

__all__ = ["LinearModel", "load_model"]
