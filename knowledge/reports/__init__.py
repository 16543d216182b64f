"""Reports in one message."""

from knowledge.reports.model import Doubt, NotTaken, Reading, ReportText, Unsure
from knowledge.reports.reading import is_report, parse_report

__all__ = ["Doubt", "NotTaken", "Reading", "ReportText", "Unsure", "is_report", "parse_report"]
