"""Tasks: the numbered points of a plan's measures and of its organisation, each with the body responsible."""

from __future__ import annotations

import re

from knowledge.importing.deadlines import find_body
from knowledge.importing.marks import MarkStyle
from knowledge.importing.model import ReadTask
from knowledge.importing.outline import OutlineItem
from knowledge.importing.sentences import sentences
from knowledge.importing.setting import Setting, Zone
from knowledge.importing.shadow import mend_font
from knowledge.text import shorten

_LONGEST_SUMMARY = 240
_LONGEST_QUOTE = 1200
_SHORTEST = 25


def read_task(item: OutlineItem, setting: Setting) -> ReadTask | None:
    """The task that a numbered paragraph or a bullet of the measures or the organisation is; None for other parts."""
    if (
        setting.zone is not Zone.DUTIES
        or item.mark is None
        or item.mark.style in {MarkStyle.PART, MarkStyle.ROMAN, MarkStyle.WHEN, MarkStyle.ROW, MarkStyle.TITLE}
    ):
        return None
    if len(item.text) < _SHORTEST or item.text.rstrip().endswith(":"):
        return None
    spans = sentences(item.text, item.shadow)
    first = item.text[spans[0][0] : spans[0][1]] if spans else item.text
    summary = shorten(mend_font(re.sub(r"\s+", " ", first).strip(" .;")), _LONGEST_SUMMARY)
    return ReadTask(
        section=item.section,
        quote=item.text[:_LONGEST_QUOTE].strip(),
        lines=item.lines,
        page=item.page,
        summary=summary,
        lead=find_body(item),
    )
