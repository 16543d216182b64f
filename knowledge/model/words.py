"""The words that the data model itself knows."""

from __future__ import annotations

from typing import Final

MONEY_UNIT: Final = "triệu đồng"
"""The unit of every sum in forms and reports: a million đồng."""

RESERVED_KEYS: Final = frozenset({"previous", "expected", "difference", "codes"})
"""What no row is called: sentences of rules name the first three beside rows, workbooks of reports mark by the last."""

SIZES: Final = {"nghìn": 1_000, "ngàn": 1_000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
"""What a number of a plan's figure is multiplied by where this stands behind it: "1,5 triệu"."""

SPELLED: Final = {
    "nửa": "0.5",
    "một": "1",
    "hai": "2",
    "đôi": "2",
    "ba": "3",
    "bốn": "4",
    "năm": "5",
    "sáu": "6",
    "bảy": "7",
    "tám": "8",
    "chín": "9",
    "mười": "10",
}
"""Numbers that a plan's figure may spell ("ít nhất một lần"); where they are only words, they state nothing."""

BEFORE_YEARS: Final = ("năm", "giai đoạn", "nhiệm kỳ", "so với", "cuối")
"""What stands before a year or a span of years in a figure ("đến năm 2030"): no value of it."""

TO: Final = ("đến", "tới")
"""What joins the two ends of a range, beside a dash."""
