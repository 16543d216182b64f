"""One message that hands shares down, as it is understood among the units right below. Pure.

giao kết nạp 2026: CS1 50, CS2 30, còn lại chia đều
giao chỉ tiêu TƯLĐTT năm nay 85% cho tất cả
giao 200 đoàn viên mới cho CĐCS May Sông Xanh
sửa May Sông Xanh 60, do tách phân xưởng
tăng thêm May Sông Xanh 10
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from knowledge.shares.matching import NamesBelow
from knowledge.shares.pairing import SharePairing
from knowledge.shares.said import Change, ReadShares, SaidShare, Spread
from knowledge.shares.scanning import scan
from knowledge.text import tidy

__all__ = ["Change", "ReadShares", "SaidShare", "Spread", "read_shares"]

LONGEST: Final = 6000
"""Letters of a message that are read."""

_TRAILING_OFF: Final = re.compile(r"\s*(?:\.{2,}|…)")
_ARROW: Final = re.compile(r"-+>|=+>|[➔→⇒➜]")
_BULLET: Final = re.compile(r"^\s*(?:[-•*+]\s+|\d{1,3}[.)/]\s+)")


def read_shares(text: str, below: NamesBelow, today: date, *, measured_in: str = "") -> ReadShares:
    """What a message says of shares of the units right below.

    Args:
        measured_in: the unit of measure, where it is known what is handed down.
    """
    lines = (_BULLET.sub("", tidy(line)) for line in text[:LONGEST].splitlines())
    body = _ARROW.sub("→", _TRAILING_OFF.sub(",", "\n".join(filter(None, lines))))
    return SharePairing(scan(body, below, today, measured_in), measured_in).read()
