"""Reports in one message."""

from knowledge.reports.model import Doubt, Reading, ReportText, ReportUnderstood, Unsure, UntakenPiece
from knowledge.reports.reading import is_report, parse_report, understood_report

__all__ = [
    "Doubt",
    "Reading",
    "ReportText",
    "ReportUnderstood",
    "Unsure",
    "UntakenPiece",
    "is_report",
    "parse_report",
    "understood_report",
]
