"""One message as it is read: its folded text, what of it is explained already, and the words of the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA

from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.number_words import NUMBER_WORDS
from knowledge.reports.phrases import DATA, folded, pattern, phrases
from knowledge.reports.times import Layout, When
from knowledge.reports.words import FILLERS, FOREIGN_DIGIT, KNOWN_WORDS, NOT_YET
from knowledge.text import decode_telex, decode_vni, fold, is_syllable, tidy

_ABBREVIATION = re.compile(
    rf"\b(?:\w/\w|{'|'.join(short for short in DATA.abbreviations if '/' not in short)})\b", re.IGNORECASE
)


_FEW_KEYED = 3
"""As many words may happen to look like keys: "left", "ok"."""


@dataclass(frozen=True)
class TextItem:
    """A label or a number in the text, in the order of appearance.

    `keys` are the indicators a label may name (none: something else that is counted); a number has none. `total` marks
    "tổng" alone, `zero` a "không", `parts` what a joined label was made of.
    """

    start: int
    end: int
    is_label: bool
    keys: tuple[str, ...] = ()
    total: bool = False
    zero: bool = False
    sign: str = ""
    raw: str = ""
    words: tuple[str, ...] = ()
    around: bool = False
    others: tuple[str, ...] = ()
    corrects: bool = False
    parts: tuple[TextItem, ...] = ()


@dataclass
class FormLexicon:
    """The words a form is filled in with."""

    labels: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    squeezed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    longest: int = 1
    spoken: tuple[tuple[tuple[str, ...], str], ...] = ()


def _syllables(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", fold(tidy(text))))


@lru_cache(maxsize=32)
def _lexicon(form: Form) -> FormLexicon:
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for row in form.indicators:
        if row.heading or row.counts is not None:
            continue
        for alias in (row.name, row.short, *row.aliases):
            words = _syllables(alias)
            for shape in {
                words,
                words[2:] if words[:2] in phrases("total_lead") else words,
                words[1:] if words[:1] in phrases("number_lead") else words,
            }:
                if shape:
                    found.setdefault(shape, {})[row.key] = None
    for words in [words for words in found if len(words) == 2 and len(words[1]) > 2]:
        short = words[0][0] + words[1]
        if not is_syllable(short):
            found.setdefault((short,), {}).update(found[words])
    labels = {words: tuple(keys) for words, keys in found.items()}
    squeezed = {"".join(words): keys for words, keys in labels.items() if len(words) > 1 and len("".join(words)) >= 6}
    spoken = tuple((words, " ".join(words)) for words in labels if len(words) > 1 and len("".join(words)) >= 7)
    return FormLexicon(
        labels, squeezed, frozenset(w for words in labels for w in words), max(map(len, labels), default=1), spoken
    )


def find_rows(form: Form, name: str) -> tuple[str, ...]:
    """The rows of a form that are called that, word for word, by name or alias; several share some short names."""
    return _lexicon(form).labels.get(_syllables(name), ())


class ReportMessage:
    """One message being read; `norm` is its folded text, `marks` says which of its characters are already explained."""

    def __init__(self, text: str, form: Form, today: date, last: Period | None) -> None:
        self.form, self.today, self.last = form, today, last
        self.lexicon = _lexicon(form)
        self.by_key = {row.key: row for row in form.indicators}
        self.children = {row.key: row.parent for row in form.indicators if row.parent is not None}
        self.original = self._unstuck(_clean(text))
        self.plain = self.original.isascii()
        self.in_keys = _is_in_keys(self.original)
        self._keyed: dict[int, str] = {}
        self.norm, self._at = self._normalise(self.original)
        self.marks = bytearray(len(self.norm))
        self.marked = self._aligned()
        self.layout = Layout(self.norm)
        self.joint: list[TextItem] = []
        self.named: list[TextItem] = []
        self.whens: list[When] = []
        self.unit_spans: list[tuple[int, int]] = []
        self.unknown: set[int] = set()
        self.negated: list[tuple[int, int]] = []
        self.asides: list[tuple[int, int]] = []
        self.numbered: dict[int, str] = {}
        self.cells: dict[int, str] = {}

    def _normalise(self, text: str) -> tuple[str, list[int]]:
        """The folded text with keys decoded and slips mended, and for each of its characters the place in `text`."""
        out: list[str] = []
        places: list[int] = []
        for match in re.finditer(r"[^\W\d_][^\W_]*|.|\n", text):
            word = self._mend(match[0]) if match[0][0].isalpha() else fold(match[0])
            decoded = _decoded(match[0]) if self.in_keys else None
            if decoded is not None and len(decoded) == len(word) and fold(decoded) == word:
                self._keyed.update(enumerate(decoded, start=len(places)))
            out.append(word)
            size = match.end() - match.start()
            places.extend(match.start() + min(i, size - 1) for i in range(len(word)))
        return "".join(out), [*places, len(text)]

    def _unstuck(self, text: str) -> str:
        """Figures parted from the names they are stuck to ("đv1250"), where the digits are no VNI keys."""

        def part(match: re.Match[str]) -> str:
            letters, digits = match[1], match[2]
            name = fold(letters)
            if name not in self.lexicon.words or name in folded("month_short"):
                return match[0]
            barred = name.endswith("d") and digits == "9"
            keys = letters.isascii() and (barred or decode_vni(match[0]) is not None)
            led = re.match(r"\s*[:=]?\s*\d", text[match.end() :])
            return match[0] if keys and ((name,) not in self.lexicon.labels or led) else f"{letters} {digits}"

        return re.sub(r"(?<![\w])([^\W\d_]+)(\d[\d.,]*)(?=\D|$)(?![^\W_])", part, text)

    def _aligned(self) -> str:
        """`norm` with the marks that were typed, by keys too, letter for letter."""
        letters = (
            self._keyed.get(place) or self.original[at : at + 1].lower() for place, at in enumerate(self._at[:-1])
        )
        return "".join(
            typed if fold(typed) == plain else plain for typed, plain in zip(letters, self.norm, strict=True)
        )

    def spans(self, name: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Where a phrase of a list stands."""
        found = pattern(name, plain=self.plain).finditer(self.marked, start, len(self.marked) if end is None else end)
        yield from (match.span() for match in found)
        if name == "beside":
            for match in NOT_YET.finditer(self.norm, start, len(self.norm) if end is None else end):
                if not self.norm[: self.layout.sentence(match.start())[1]].endswith("?"):
                    yield match.span()

    def words(self, name: str) -> frozenset[str]:
        """The phrases of a list, folded."""
        return folded(name)

    def _mend(self, word: str) -> str:
        bare = fold(word)
        if word.lower() in DATA.lists["lookalikes"] or (word.lower() in DATA.lists["addressed"] and not self.plain):
            # Out of the alphabet of labels, so that "mỗi" is not taken for "mới".
            return f"{bare}zz"
        for keys in ("dd", "d9"):
            # No syllable, so that no decoder knows it: "LDD", "D9V".
            if keys in bare and (short := bare.replace(keys, "d")) in self.lexicon.words:
                return short
        if bare in self.lexicon.words or bare in KNOWN_WORDS or bare in FILLERS:
            return bare
        decoded = _decoded(word)
        if decoded is not None and (
            self.in_keys or fold(decoded) in self.lexicon.words | KNOWN_WORDS | FILLERS | NUMBER_WORDS
        ):
            return fold(decoded)
        if bare in self.lexicon.squeezed:
            return " ".join(next(words for words in self.lexicon.labels if "".join(words) == bare))
        if len(bare) >= 4 and bare.isalpha():
            # A real syllable may be a name; only letters that changed places are surely a slip there.
            slips = (
                known
                for known in self.lexicon.words | KNOWN_WORDS
                if len(known) >= 3 and OSA.distance(bare, known, score_cutoff=1) == 1
            )
            near = [
                known for known in slips if not is_syllable(bare) or (sorted(known) == sorted(bare) and word.isascii())
            ]
            if near:
                return min(near, key=lambda known: (sorted(known) != sorted(bare), known[0] != bare[0], known))
        return bare

    def piece(self, start: int, end: int) -> str:
        """What was written between two places of `norm`."""
        return self.original[self._at[start] : self._at[end] if end < len(self.norm) else len(self.original)].strip(
            " \n,;.:|-"
        )

    def original_at(self, at: int) -> str:
        """The letter as it was typed."""
        return self.original[self._at[at] : self._at[at] + 1] if at < len(self._at) else ""

    def claim(self, start: int, end: int) -> None:
        """Mark a stretch as explained."""
        self.marks[start:end] = b"\1" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing in a stretch is explained yet."""
        return not any(self.marks[start:end])

    def _take(self, start: int, end: int) -> bool:
        """Claim a stretch that is free."""
        if not self.free(start, end):
            return False
        self.claim(start, end)
        return True


def _decoded(word: str) -> str | None:
    """What the raw keys of a word write; None where they are none. Some programs turn but the first into a letter."""
    keys = word.lower().replace("đ", "dd")
    return (decode_telex(keys) or decode_vni(keys)) if keys.isascii() else None


def _is_in_keys(text: str) -> bool:
    """Whether a message is written in raw keys: most of what is no syllable becomes one by them."""
    strange = [word for word in re.findall(r"[^\W\d_]+", text) if word.isascii() and not is_syllable(word.lower())]
    keyed = sum(_decoded(word) is not None for word in strange)
    return keyed > _FEW_KEYED and keyed * 2 > len(strange)


def is_up_down(words: tuple[str, ...]) -> bool:
    """Whether words say "tăng giảm", the name of two rows at once."""
    return words == (*phrases("up")[0], *phrases("down")[0])


def _clean(text: str) -> str:
    """The message line by line, tidied, tabs shown as cell borders, ornaments and table rules gone."""
    short = _ABBREVIATION.sub(
        lambda match: DATA.abbreviations.get(match[0].lower(), match[0]), unicodedata.normalize("NFC", text)
    )
    lines = []
    for line in re.split(r"\r\n?|\n", short):
        tidied = re.sub(r"(?<=\d) ?(?:\(\?+\)|\?{2,})", "?", tidy(line.replace("\t", " | ")))
        tidied = re.sub(r"\(([+-])\) ?(?=\d)", r"\1", tidied)
        plain = "".join(
            " " if c in '*`#_"' or unicodedata.category(c) in {"So", "Sk", "No"} or FOREIGN_DIGIT.match(c) else c
            for c in tidied
        )
        plain = re.sub(r" {2,}", " ", plain).strip().strip("|").strip()
        if plain and not re.fullmatch(r"[|:\-=+ ]+", plain):
            lines.append(plain)
    return "\n".join(lines)
