"""The catalogue: its data files in and out, what a plan must be like, and what is known on a day."""

from knowledge.catalogue.making import make_catalogue
from knowledge.catalogue.reading import parse_toml, read_toml, require_unique

__all__ = ["make_catalogue", "parse_toml", "read_toml", "require_unique"]
