"""Reports in one message."""

from knowledge.reports.model import Doubt, NotTaken, Reading, ReportText, ReportUnderstood, Unsure
from knowledge.reports.reading import is_report, parse_report, understood_report

__all__ = [
    "Doubt",
    "NotTaken",
    "Reading",
    "ReportText",
    "ReportUnderstood",
    "Unsure",
    "is_report",
    "parse_report",
    "understood_report",
]
