"""Who issued a document, what it is called, its number and date, who signed it and who received it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from knowledge.importing.horizons import HorizonKind, find_horizons
from knowledge.importing.lines import Line, TableLine
from knowledge.importing.model import Identity
from knowledge.importing.phrases import load_phrases, named
from knowledge.importing.setting import Times
from knowledge.importing.shadow import mend_font, shadow

_TERM = named("identity.term")
_CONGRESS = named("identity.congress")
_CONFEDERATION = named("identity.confederation")
_PLACED = named("identity.placed")

_NAMELESS = named("identity.nameless")
_COUNTRY = named("identity.country")
_UNNAMED = named("identity.unnamed")
_ORGAN = named("identity.organ")
_COMMITTEE = named("identity.committee")
_DANG_BO = named("identity.dang_bo")
_SECTOR = named("identity.sector")
_OF_SECTOR = named("identity.of_sector")
_FIRST_PART = named("identity.first_part")
_PLACE_NAME = named("identity.place_name")
_NEXT_PART = named("identity.next_part")
_ANNEX = named("identity.annex")
_CITED_DAY = named("identity.cited_day")
_DAY_BEFORE = named("identity.day_before")
_RESOLUTION_BEFORE = named("identity.resolution_before")
_NAMED_PLACE = named("identity.named_place")

_HEAD_LINES = 60
_LONGEST_KIND = 30
_NUMBER = named("identity.number")
_NO_NUMBER = re.compile(r"^\W*so ?[:.]?[\s.…]*[-/]")
_DATED = named("identity.dated")
_DATED_SHORT = named("identity.dated_short")
_PROCLAIMS = named("identity.proclaims")
_PLACE_BEFORE = named("identity.place_before")
_NATION_BEGINS = named("identity.nation_begins")
_KIND = named("identity.kind")
_BODY = named("identity.body")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")
_COLUMNS = re.compile(r"\s{3,}|\t")
_ISSUER_WORDS = named("identity.issuer_words")
_NATION = named("identity.nation")
_ISSUES = named("identity.issues")
_ANNOUNCED = named("identity.announced")
_SIGNED = re.compile(r"^\W*(?:t/?m\b|tm\b|kt\b|k/t\b|tl\b|t/l\b)\W*(?P<rest>.*)$")
_TITLES = named("identity.titles")
_NAME = re.compile(r"(?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]*|[A-ZĐÀ-Ỹ]{2,})(?: (?:[A-ZĐÀ-Ỹ][a-zđà-ỹ]+|[A-ZĐÀ-Ỹ]{2,})){1,4}")
_RECIPIENTS = named("identity.recipients")
_CITED = named("identity.cited")
_TITLE = named("outline.title")
_REPLACES = named("identity.replaces")


@dataclass(frozen=True)
class Head:
    """What the beginning and the end of a document say, and which lines of it are neither outline nor facts."""

    identity: Identity
    times: Times
    aside: frozenset[int]


def read_head(lines: Sequence[Line | TableLine]) -> Head:
    """The identity of a document from its letterhead, title, first sentences and signature."""
    texts = list(_texts(lines))
    columns = _letterhead(lines)
    number, issued, place = _numbered(columns), None, None
    for column in columns[:_HEAD_LINES]:
        numbered = _NUMBER.match(shadow(column))
        text = column[numbered.end() :] if numbered is not None else column
        if (met := _DATED.search(shadow(text)) or _DATED_SHORT.search(shadow(text))) is not None:
            issued, place = _day(met), mend_font(text[met.start("place") : met.end("place")]).strip(" *,")
            break
    kind, title, aside = _title(texts[:_HEAD_LINES])
    begin = next((place for place, line in enumerate(texts) if aside and line.number > max(aside)), 0)
    opening = " ".join(line.text for line in texts[begin : begin + 16])
    signature, signed = _signature(texts)
    issuer = _issuer(columns, title, opening, kind)
    identity = Identity(
        kind=kind,
        number=number,
        date=issued,
        place=place,
        issuer=_as_written(issuer, [title or "", opening]) if issuer is not None else None,
        title=title,
        carries_out=_cited(f"{title or ''}. {opening}"),
        replaces=tuple(
            mend_font(line.text[met.start("what") : met.end("what")])
            for line in texts
            if (met := _REPLACES.search(line.shadow))
        ),
        signer=signature[0],
        signer_title=signature[1],
        recipients=signature[2],
    )
    times = _times(identity, opening, texts)
    covers = _covers(identity.title or "", times)
    return Head(_with_years(identity, covers), times, frozenset(aside) | signed)


def _with_years(identity: Identity, covers: tuple[int | None, int | None]) -> Identity:
    return msgspec.structs.replace(identity, covers_from=covers[0], covers_to=covers[1])


def _letterhead(lines: Sequence[Line | TableLine]) -> list[str]:
    """The texts of the first lines, two columns and cells of a table apart."""
    found: list[str] = []
    for line in lines[:_HEAD_LINES]:
        if isinstance(line, TableLine):
            found += [part for row in line.rows for cell in row for part in cell.split("\n") if part.strip()]
        else:
            for part in _COLUMNS.split(line.text):
                nation = _NATION_BEGINS.search(shadow(part))
                at = nation.start() if nation is not None else len(part)
                found += [piece.strip() for piece in (part[:at], part[at:]) if piece.strip()]
    return _rejoined(found)


def _rejoined(columns: Iterable[str]) -> list[str]:
    """The texts, a name of the country that a narrow column broke ("… VIỆT" over "NAM") in one."""
    found: list[str] = []
    for text in columns:
        if found and _COUNTRY.fullmatch(f"{shadow(found[-1])}\n{shadow(text)}"):
            found[-1] = f"{found[-1]} {text}"
        else:
            found.append(text)
    return found


def _texts(lines: Sequence[Line | TableLine]) -> Iterator[Line]:
    """The lines, and those of tables that only set the signature beside the recipients."""
    for line in lines:
        if isinstance(line, Line):
            yield line
            continue
        cells = [cell for row in line.rows for cell in row]
        if any(_RECIPIENTS.match(shadow(cell)) or _SIGNED.match(shadow(cell)) for cell in cells):
            for text in (part.strip() for cell in cells for part in cell.split("\n")):
                if text:
                    yield Line(text, line.number, line.page)


def _numbered(columns: list[str]) -> str | None:
    for text in columns[:_HEAD_LINES]:
        folded = shadow(text)
        if _NO_NUMBER.match(folded):
            return None
        if (met := _NUMBER.match(folded)) is not None:
            return re.sub(r"\s*([-/])\s*", r"\1", mend_font(text[met.start("number") : met.end("number")])).strip()
    return None


def _day(met: re.Match[str]) -> date | None:
    try:
        return date(int(met["year"]), int(met["month"]), int(met["day"]))
    except ValueError:
        return None


def _title(texts: Sequence[Line]) -> tuple[str | None, str | None, set[int]]:
    """The kind of a document, its title, and the numbers of the lines before its first sentence."""
    end = next((place for place, line in enumerate(texts) if _FIRST_PART.match(line.text)), len(texts))
    heads = [
        (place, line, met) for place, line in enumerate(texts[:end]) if (met := _KIND.match(line.shadow)) is not None
    ]
    heads = [head for head in heads if not head[1].text.startswith(("-", "+"))]
    heads = [head for head in heads if head[1].text.isupper() and len(head[1].text.split()) <= _LONGEST_KIND] or [
        head for head in heads if len(head[1].text.split()) <= 8
    ]
    for place, line, met in heads:
        kind = mend_font(line.text[met.start("kind") : met.end("kind")]).capitalize()
        parts = [line.text[met.end("kind") :].strip(" .:–-")]
        aside = {other.number for other in texts[: place + 1]}
        for following in texts[place + 1 : place + 16]:
            if _begins_body(following, parts):
                break
            parts.append(following.text)
            aside.add(following.number)
        title = " ".join(part for part in parts if part and not re.fullmatch(r"[\W_]+", part))
        return kind, mend_font(title).strip() or None, aside
    for line in texts[:12]:
        if (met := _ANNOUNCED.search(line.shadow)) is not None:
            kind = mend_font(line.text[met.start("kind") : met.end("kind")]).capitalize()
            return kind, mend_font(line.text[met.start("title") : met.end("title")]).strip(" ,"), set()
    return None, None, set()


def _begins_body(line: Line, parts: list[str]) -> bool:
    text = line.text
    if _FIRST_PART.match(text) or text.rstrip().endswith((":", ".")):
        return True
    titled = line.is_heading or (text.isupper() and not parts[-1].isupper())
    if any(parts) and titled and _TITLE.match(line.shadow):
        return True
    first = next((letter for letter in text if letter.isalpha()), "")
    opens = _BODY.match(line.shadow) is not None and first.isupper() and not text.isupper()
    return opens and any(parts)


def _issuer(columns: list[str], title: str | None, opening: str, kind: str | None) -> str | None:
    """The body that issued it: from the first sentence ("… ban hành Kế hoạch"), else from the letterhead."""
    heads: list[str] = []
    for text in columns[:14]:
        folded = shadow(text)
        if (_KIND.match(folded) and text.isupper()) or (heads and _FIRST_PART.match(text)):
            break
        if (
            text.isupper()
            and text[0].isalpha()
            and not _NATION.search(folded)
            and (_ISSUER_WORDS.match(folded) or heads)
        ):
            heads.append(text)
    folded = shadow(opening)
    met = _ISSUES.search(folded)
    named = _IN_BRACKETS.sub("", met["issuer"]).strip() if met is not None else ""
    if met is not None and (not heads or (_PROCLAIMS.search(met[0]) and not _UNNAMED.fullmatch(named))):
        said = _IN_BRACKETS.sub("", mend_font(opening[met.start("issuer") : met.end("issuer")])).strip()
        if heads and shadow(heads[-1]) in shadow(said):
            return _in_small_letters(_with_place(mend_font(_named_by(heads)), columns))
        issuer = _with_place(said[:1].upper() + said[1:], columns)
        return _in_full(issuer, mend_font(heads[-1])) if heads and issuer.casefold() == said.casefold() else issuer
    if heads:
        own = [text for text in heads if not _CONFEDERATION.match(shadow(text))] or heads
        said = mend_font(_named_by(own)).strip(" *-_")
        above = _NAMED_PLACE.search(shadow(own[-2])) if len(own) > 1 else None
        if above is not None and _OF_SECTOR.match(shadow(said)) and not _NAMED_PLACE.search(shadow(said)):
            said += mend_font(own[-2][above.start() :])
        return _in_small_letters(_with_place(said, columns))
    return None


def _in_full(said: str, head: str) -> str:
    """A body that a sentence names by the kind only, as the letterhead names it: "Công đoàn Tổng công ty"."""
    begin = _behind_organ(said)
    if not shadow(head).startswith(f"{shadow(said[begin:])} "):
        return said
    return said[:begin] + _in_small_letters(head)


def _behind_organ(name: str) -> int:
    """Where the body begins whose organ is named before it: "Ban Thường vụ Công đoàn …"."""
    organ = _ORGAN.match(shadow(name))
    return organ.end() + 1 if organ is not None else 0


def _named_by(heads: Sequence[str]) -> str:
    """The body that the lines of a letterhead name, the upper one's name with what the last one lacks."""
    if len(heads) < 2:
        return heads[-1]
    above, last = heads[-2:]
    if _ORGAN.fullmatch(shadow(last)):
        return f"{last} {above}"
    if _COMMITTEE.fullmatch(shadow(last)) and (party := _DANG_BO.match(shadow(above))) is not None:
        place = _NAMED_PLACE.search(shadow(above))
        return f"{last} {above[place.start('name') if place is not None else party.end() :]}"
    goes_on = len(last.split()) < 4 or not _ISSUER_WORDS.match(shadow(last))
    return f"{above} {last}" if goes_on else last


def _in_small_letters(name: str) -> str:
    """A body's name as it is written in a sentence: "TỈNH ỦY AN PHÚ" is "Tỉnh ủy An Phú"."""
    if not any(word.isupper() for word in name.split()):
        return name
    small = name.lower()
    ends = [met.end() for met in _PLACE_BEFORE.finditer(shadow(small))]
    if ends:
        small = small[: ends[-1]] + small[ends[-1] :].title()
    if (sector := _SECTOR.search(shadow(small))) is not None:
        small = small[: sector.start()] + small[sector.start() :][:1].upper() + small[sector.start() + 1 :]
    for each in load_phrases()["names_of_bodies"]:
        small = re.sub(re.escape(each), each, small, flags=re.IGNORECASE)
    return small[:1].upper() + small[1:]


def _with_place(issuer: str, columns: list[str]) -> str:
    """The issuer with the place that the text names it with elsewhere: "Thành ủy" with "Thành ủy Bảo Lộc"."""
    if (kind := _NAMELESS.search(shadow(issuer))) is not None:
        for text in columns[:14]:
            met = _NAMED_PLACE.search(shadow(text))
            if text.isupper() and met is not None and _is_kind(met["kind"], kind["kind"]):
                return f"{issuer} {mend_font(text[met.start('name') :]).title()}"
    if issuer.isupper() and _PLACED.fullmatch(shadow(issuer)):
        for text in columns[:14]:
            if text.isupper() and (met := _NAMED_PLACE.search(shadow(text))) is not None:
                return f"{issuer} {mend_font(text[met.start('name') :]).title()}"
    core = " ".join(shadow(issuer).split()[-2:])
    if not _PLACED.fullmatch(core):
        return issuer
    for text in columns:
        for met in re.finditer(rf"{core} (?=\w)", shadow(text)):
            name = _PLACE_NAME.match(text[met.end() :])
            if name is not None and not text.isupper():
                return f"{issuer} {mend_font(name[0]).strip()}"
    return issuer


def _is_kind(said: str, kind: str) -> bool:
    """Whether a kind of place is said, whole or by its initials: "TP."."""
    return said.rstrip(".") in {kind, "".join(word[0] for word in kind.split())}


def _as_written(name: str, texts: Sequence[str]) -> str:
    """The name with the capitals that sentences write it with: "Công đoàn Bộ Tư pháp"."""
    begin = _behind_organ(name)
    for said, text in itertools.product(dict.fromkeys((name, name[begin:])), texts):
        at = text.casefold().find(said.casefold())
        found = text[at : at + len(said)]
        if at >= 0 and not found.isupper() and found.casefold() == said.casefold() and found[:1].isupper():
            return name.removesuffix(said) + found
    return name


def _cited(text: str) -> tuple[str, ...]:
    folded = shadow(text)
    found: list[str] = []
    for met in _CITED.finditer(folded):
        cited = mend_font(text[met.start() : met.end()]).strip()
        if not any(shadow(cited)[:28] == shadow(other)[:28] for other in found):
            found.append(cited)
    return tuple(found[:6])


def _signature(texts: Sequence[Line]) -> tuple[tuple[str | None, str | None, tuple[str, ...]], frozenset[int]]:
    """The signer, the signer's title, the recipients, and the lines of all that."""
    receives = next((place for place, line in enumerate(texts) if _RECIPIENTS.match(line.shadow)), None)
    signs = next(
        (place for place, line in enumerate(texts) if _SIGNED.match(line.shadow) and len(line.text) < 80), None
    )
    if receives is None and signs is None:
        return (None, None, ()), frozenset()
    begin = min(place for place in (receives, signs) if place is not None)
    signer = title = None
    recipients: list[str] = []
    aside: set[int] = set()
    for place, line in enumerate(texts[begin : begin + 45]):
        if (place > 2 and _NEXT_PART.match(line.shadow)) or (place and _ANNEX.match(line.shadow)):
            break
        aside.add(line.number)
        text = line.text.strip(" .*")
        if line.text.startswith(("-", "+")) and signer is None:
            own, *beside = _COLUMNS.split(line.text)
            recipients.append(mend_font(own.lstrip("-+ ").rstrip(" ;,./")))
            if not beside:
                continue
            text = "   ".join(beside).strip(" .*")
        is_below = signs is not None and begin + place > signs
        for part in _COLUMNS.split(text):
            name = _TITLES.search(shadow(part))
            if name is not None and len(part) < 60 and (part.isupper() or place > 0):
                title = title or part[name.start() : name.end()].capitalize()
            elif (
                _NAME.fullmatch(part.strip())
                and not _SIGNED.match(shadow(part))
                and not _ISSUER_WORDS.match(shadow(part))
            ):
                signer = part.strip().title() if title is not None or is_below else signer
    return (signer, title, tuple(part for part in recipients if part)), frozenset(aside)


def _times(identity: Identity, opening: str, texts: Sequence[Line]) -> Times:
    title = shadow(identity.title or "")
    spans = [time for time in find_horizons(title) if time.kind is HorizonKind.YEAR and time.first is not None]
    points = [
        time
        for time in find_horizons(title)
        if time.kind is HorizonKind.YEAR and time.first is None and not _DAY_BEFORE.search(title[: time.start])
    ]
    points = [time for time in points if not _RESOLUTION_BEFORE.search(title[: time.start]) or time.has_lead]
    term = next(iter(spans), None)
    issued = identity.date.year if identity.date else _latest_cited(texts) or (term.first if term else None)
    if term is None:
        near = [
            time
            for time in find_horizons(shadow(opening))
            if time.first is not None and _TERM.search(shadow(opening)[time.start : time.end])
        ]
        term = next(iter(near), None) if not points else None
        return Times(points[0].year if points else None, None, term.year if term else None, issued)
    own = not _TERM.search(title[max(0, term.start - 12) : term.end]) and not _CONGRESS.search(title)
    return Times(None, term.year, term.year, issued, own)


def _latest_cited(texts: Sequence[Line]) -> int | None:
    """The year of the latest document that the first lines cite: it was issued then at the earliest."""
    years = [int(met[1]) for line in texts[:40] for met in _CITED_DAY.finditer(line.shadow)]
    return max(years, default=None)


def _covers(title: str, times: Times) -> tuple[int | None, int | None]:
    spans = [time for time in find_horizons(shadow(title)) if time.first is not None]
    if spans:
        return spans[0].first, spans[0].year
    if times.year is not None:
        return times.year, times.year
    return times.issued, times.term_end
