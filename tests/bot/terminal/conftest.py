"""The stand-in endpoint of the second reader, which `troly doctor` tries."""

from __future__ import annotations

from tests.bot.reader.conftest import stand_in

__all__ = ["stand_in"]
