"""The words that the data model itself knows."""

from __future__ import annotations

from typing import Final

MONEY_UNIT: Final = "triệu đồng"
"""The unit of every sum in forms and reports: a million đồng."""
