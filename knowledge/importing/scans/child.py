"""The process that reads one scanned page, whatever it holds: little time, little memory, no file written, one answer.

`python -m knowledge.importing.scans.child PATH PAGE`: the answer stands on standard output as JSON.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from knowledge.importing.limits import answer_within_limits, why_refused
from knowledge.importing.refusals import LARGEST_FILE, MOST_MEMORY_OF_PAGE, WhyRefused
from knowledge.importing.scans.engine import OTSU, SAUVOLA, find_turn, look
from knowledge.importing.scans.page import ScannedPage
from knowledge.importing.scans.tables import find_scanned_tables
from knowledge.importing.scans.words import SeenWord, join_looks, make_lines, read_tsv, seem_upright

# The second look goes by other points than the first, so that it does not err in the same places.
_SMOOTH, _SMOOTHER = 1.2, 2.0  # points over which grain is smoothed: it is what misleads most
_SMALLER: Final = 0.6

if TYPE_CHECKING:
    from PIL import Image


class PageAnswer(msgspec.Struct, frozen=True):
    """A page as it was read, or the one reason why not."""

    page: ScannedPage | None = None
    why: WhyRefused | None = None


def read_page_here(path: Path, number: int) -> ScannedPage:
    """Read a page in this process. Only the child does that with what people send.

    Raises:
        FileRefusedError: why it is not read.
    """
    from knowledge.importing.scans import pictures, rules  # noqa: PLC0415 - within limits only

    with path.open("rb") as file:
        content = file.read(LARGEST_FILE)
    draw = pictures.draw_page if path.suffix.lower() == ".pdf" else pictures.draw_picture
    page = rules.whiten(rules.straighten(draw(content, number)))
    del content
    others = _look_again(page)
    if not seem_upright(others) and (turn := find_turn(pictures.as_pgm(_smaller(page)))):
        page = rules.straighten(page.rotate(-turn, expand=True))
        others = _look_again(page)
    words = read_tsv(look(pictures.as_pgm(pictures.smoothed(page, _SMOOTH)), SAUVOLA))
    words, differing = join_looks(words, others)
    tables, outside = find_scanned_tables(page.size, rules.find_rules(page), words, differing)
    lines = make_lines(outside, differing)
    return ScannedPage(number, *page.size, lines, tables, pictures.keep_small(page))


def _look_again(page: Image.Image) -> list[SeenWord]:
    """The second look; taken before the first, since at half its cost it tells whether a page is upright."""
    from knowledge.importing.scans import pictures  # noqa: PLC0415

    return read_tsv(look(pictures.as_pgm(_smaller(page)), OTSU), 1 / _SMALLER)


def _smaller(page: Image.Image) -> Image.Image:
    from knowledge.importing.scans import pictures  # noqa: PLC0415

    return pictures.smoothed(page, _SMOOTHER, _SMALLER)


def answer(path: Path, number: int) -> PageAnswer:
    """What a page says, or why it is not read; nothing is raised, whatever the file."""
    try:
        return PageAnswer(read_page_here(path, number))
    except Exception as error:  # nothing of it may go unanswered
        return PageAnswer(why=why_refused(error))


def main() -> None:
    """One page, within limits."""
    answer_within_limits(lambda: answer(Path(sys.argv[1]), int(sys.argv[2])), MOST_MEMORY_OF_PAGE)


if __name__ == "__main__":
    main()
