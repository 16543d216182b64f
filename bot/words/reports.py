"""Reports in words: how periods, forms and figures are written wherever they are named."""

from __future__ import annotations

from typing import Final

from knowledge.model.periods import Period, PeriodKind

_ROMAN: Final = ("I", "II", "III", "IV")


def period_name(period: Period) -> str:
    """A period in words, in the middle of a sentence; a campaign by its name."""
    match period.kind:
        case PeriodKind.MONTH:
            return f"tháng {period.number:02}/{period.year}"
        case PeriodKind.QUARTER:
            return f"quý {_ROMAN[period.number - 1]}/{period.year}"
        case PeriodKind.HALF:
            return f"6 tháng {'đầu' if period.number == 1 else 'cuối'} năm {period.year}"
        case PeriodKind.YEAR:
            return f"năm {period.year}"
        case PeriodKind.CAMPAIGN:
            return f"đợt {period.name}"
