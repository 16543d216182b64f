"""The meaning of a message: one of 25 things the product does, from what is learned and known."""

from knowledge.meanings.model import Meaning, Place, Role, Situation, Understood
from knowledge.meanings.understand import understand

__all__ = ["Meaning", "Place", "Role", "Situation", "Understood", "understand"]
