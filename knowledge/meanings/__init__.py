"""The meaning of a message: one of 25 things the product does, from what is learned and known."""

from knowledge.meanings.labels import Labels
from knowledge.meanings.model import AskerRole, Meaning, Place, Situation, Understood
from knowledge.meanings.understand import understand

__all__ = ["AskerRole", "Labels", "Meaning", "Place", "Situation", "Understood", "understand"]
