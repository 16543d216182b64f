"""The catalogue: its data files in and out, what a plan must be like, and what is known on a day."""

from knowledge.catalogue.reading import parse_toml, read_toml, require_unique

__all__ = ["parse_toml", "read_toml", "require_unique"]
