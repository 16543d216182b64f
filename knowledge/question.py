"""What an officer asks: a message, and the question before it, become subjects × plans × years × populations × cues."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import msgspec

from knowledge.forms import load_forms
from knowledge.glossary import Glossary, load_glossary
from knowledge.lexer import GAP, Lexicon, Match, Phrase, Speller, Syllable, spelling
from knowledge.model.plans import Plan
from knowledge.plans import load_plans
from knowledge.text import Vocabulary, fold, tidy, words

_DATE = re.compile(r"\b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19|20)\d\d\b|\b\d{1,2}\s?[/\-]\s?20\d\d\b")
_REFERENCE = re.compile(r"\b[a-z]?\d{1,4}\s?[-/]\s?[a-z][a-z]*(?:\s?[-/]\s?[a-z]+)*\b")
_SPOKEN_REFERENCE = re.compile(
    r"\b(?:nghi quyet|quyet dinh|chi thi|ket luan|ke hoach|chuong trinh|cong van|de an|nq|qd|ct|kl|kh|ctr)(?: hanh dong)?(?: so)? (\d{1,4})\b(?! lao dong| nguoi| %|/\d|\.\d)"
)
_SECTION = re.compile(r"(?:\b[ivx]+\s?\.\s?)?\b\d\s?\.\s?\d{1,2}(?:\s?\.\s?\d{1,2})?\b(?![.,]?\d| ?%)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_RANGE = re.compile(r"20\d\d\s*(?:-|den|toi|cho den|cho toi)(?: nam)?\s*20\d\d")
_SHORT_YEARS = {"23": 2023, "25": 2025, "30": 2030, "45": 2045, "22": 2022, "24": 2024, "26": 2026, "27": 2027, "35": 2035, "40": 2040, "50": 2050}
_K_YEAR = re.compile(r"\b2[kK](\d\d)\b")
_COUNTED = {("cong", "nhan"), ("lao", "dong"), ("nguoi", "lao"), ("nguoi",)}
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question as understood; also what is remembered of a chat for the next fragment.

    `spoken` are its folded syllables without names of plans, `content` those of them that carry meaning, `leftover` those of them that nothing in the glossary
    accounts for. `figures` are numbers the asker quotes, `items` numbers of rows of a form, `sections` of a plan,
    `references` numbers of documents cited, `numbers` such as stand for none of these; `dates` are as the plans write them. `inherited` tells that something was taken from the question before.
    """

    text: str = ""
    subjects: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    elsewhere: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    cues: frozenset[str] = frozenset()
    figures: tuple[int, ...] = ()
    items: tuple[int, ...] = ()
    sections: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    dates: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    inherited: bool = False
    length: int = 0

    def asks(self, *cues: str) -> bool:
        """Whether any of these cues stands in it."""
        return bool(self.cues.intersection(cues))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that could be looked up."""
        named = self.subjects or self.plans or self.years or self.scopes or self.elsewhere or self.topics or self.content
        counted = self.items or self.sections or self.references or self.figures
        return not (named or counted)


_OPEN_CUES = frozenset({"roles", "due", "annual"})
"""Cues whose words also tell what is asked about; the words of the others are no content."""

_CUES = ("figure", "asked_figure", "versus", "overview", "compare", "when", "who", "roles", "due", "section", "document", "form", "follow", "whose", "annual", "stages", "padding")


class Understanding:
    """Reads questions against a glossary and a set of plans."""

    def __init__(self, plans: Iterable[Plan], glossary: Glossary) -> None:
        """Index every phrase of the glossary and every name of a plan."""
        self.plans = {plan.id: plan for plan in plans}
        self.glossary = glossary
        bare = Speller(glossary.abbreviations, Vocabulary(()))
        self._phrases = [_phrase(kind, value, text, bare) for kind, value, text in self._sources()]
        vocabulary = Vocabulary(
            [*(" ".join(word for word in phrase.words if word != GAP) for phrase in self._phrases), *self._texts()]
        )
        self.speller = Speller(glossary.abbreviations, vocabulary)
        self.lexicon = Lexicon(self._phrases)
        self._numbers = {re.sub(r"[^a-z0-9]", "", fold(plan.number)): plan.id for plan in self.plans.values() if plan.number}
        self._terms = {
            subject.id: frozenset(
                self.fold_words(" ".join((subject.name, subject.short, *subject.phrases, *subject.terms, *self._populations(subject.id))))
            )
            for subject in glossary.subjects
        }

    def _sources(self) -> Iterable[tuple[str, str, str]]:
        for plan in self.plans.values():
            yield from (("plan", plan.id, alias) for alias in plan.aliases)
        glossary = self.glossary
        for subject in glossary.subjects:
            yield from (("subject", subject.id, phrase) for phrase in subject.phrases)
        for theme in glossary.themes:
            yield from (("theme", theme.name, phrase) for phrase in theme.phrases)
        for scope in glossary.scopes:
            yield from (("scope", scope.id, phrase) for phrase in scope.phrases)
        for kind, phrases in (("elsewhere", glossary.elsewhere.places), ("elsewhere", glossary.elsewhere.bodies), ("topic", glossary.elsewhere.topics)):
            yield from ((kind, phrase, phrase) for phrase in phrases)
        for plan in self.plans.values():
            if plan.signer:
                yield ("signer", plan.id, plan.signer)
        for cue in _CUES:
            yield from (("cue", cue, phrase) for phrase in getattr(glossary.cues, cue))
        yield from (("guard", phrase, phrase) for phrase in glossary.guards)

    def _populations(self, subject_id: str) -> Iterable[str]:
        return (t.population for plan in self.plans.values() for t in plan.targets if t.indicator == subject_id)

    def _texts(self) -> Iterable[str]:
        for plan in self.plans.values():
            yield from (plan.title, plan.issuer, plan.short, *(plan.carries_out))
            yield from (target.population for target in plan.targets)
            for deadline in plan.deadlines:
                yield " ".join((deadline.what, deadline.who, deadline.when, deadline.to or "", *deadline.keywords))
            for task in plan.tasks:
                yield " ".join((task.summary, *task.lead, *task.with_, *task.keywords, *task.refs))
        for form in load_forms():
            yield " ".join((form.title, *form.aliases, *(part.title for part in form.parts)))
            yield from (" ".join((row.name, *row.aliases)) for row in form.indicators)

    def fold_words(self, text: str) -> list[str]:
        """The folded syllables of a text of the catalogue, short forms spelled out."""
        return self.speller.plain(text)

    def terms(self, subject_id: str) -> frozenset[str]:
        """The syllables that may stand around a subject without asking for anything else."""
        return self._terms[subject_id]

    def read(self, text: str) -> Question:
        """The message by itself, without what was asked before."""
        tidied = _K_YEAR.sub(r"20\1", tidy(text)[:1000])
        plain = fold(tidied)
        references, sections, dates = self._references(plain)
        owned = [ref for ref in references if ref in self._numbers]
        references = tuple(ref for ref in references if not any(own == ref or own.startswith(ref) for own in owned))
        if any(own.startswith(ref) for ref in references if ref.isdigit() for own in self._numbers):
            spoken = {ref: own for ref in references for own in self._numbers if ref.isdigit() and own.startswith(ref)}
            references = tuple(ref for ref in references if ref not in spoken)
        masked = _mask(tidied, plain, (_DATE,))
        numbered = [self._numbers[ref] for ref in owned]
        masked = _mask(masked, fold(masked), (_REFERENCE, _SECTION))
        spelled = self.speller.spell(masked)
        syllables = [syllable.folded for syllable in spelled]
        matches = self._decide(self.lexicon.find(spelled))
        if not any(m.phrase.kind == "subject" for m in matches):
            near = self.lexicon.find_near(spelled, frozenset({"subject", "plan"}))
            taken = {at for m in matches for at in m.at if m.phrase.kind in {"plan", "elsewhere", "scope", "topic"}}
            matches = self._decide([*matches, *(m for m in near if not taken.intersection(m.at))])
        return self._question(tidied, syllables, matches, numbered, references, sections, dates)

    def _references(self, plain: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        dates = tuple(_date(found) for found in _DATE.findall(plain))
        without = _DATE.sub(" ", plain)
        sections = tuple(re.sub(r"\s", "", found) for found in _SECTION.findall(without))
        references = [re.sub(r"[^a-z0-9]", "", found) for found in _REFERENCE.findall(without)]
        references += [found for found in _SPOKEN_REFERENCE.findall(without) if not _YEAR.fullmatch(found)]
        return tuple(dict.fromkeys(references)), sections, dates

    def _decide(self, matches: list[Match]) -> list[Match]:
        """Drop matches that a longer one explains away: "ngoài nhà nước" is not "nhà nước"."""
        exclusive = {"plan", "elsewhere", "scope", "topic", "guard"}
        kept: list[Match] = []
        for match in sorted(matches, key=lambda m: (-m.size, m.slips, m.phrase.kind != "guard", m.at)):
            kind = match.phrase.kind
            if kind in exclusive:
                rivals = [k for k in kept if k.phrase.kind in exclusive and set(k.at) & set(match.at)]
                if any(r.size > match.size or r.phrase.kind != kind or r.phrase.value != match.phrase.value and kind != "topic" for r in rivals):
                    continue
            if kind == "subject":
                rivals = [k for k in kept if k.phrase.kind in {"subject", "elsewhere", "topic"} and set(k.at) & set(match.at)]
                if any(set(match.at) < set(r.at) for r in rivals):
                    continue
            if kind == "cue" and any(self._explains_away(rival, match) for rival in kept):
                continue
            kept.append(match)
        return kept

    @staticmethod
    def _explains_away(rival: Match, cue: Match) -> bool:
        """Whether the words of a cue belong to a longer phrase: "nhiệm vụ" of a subject, "ký" of "định kỳ"."""
        if rival.size <= cue.size:
            return False
        shared = set(rival.at) & set(cue.at)
        return bool(shared) if rival.phrase.kind in {"subject", "plan", "scope"} else shared == set(cue.at)

    def _question(
        self,
        text: str,
        syllables: list[str],
        matches: list[Match],
        numbered: list[str],
        references: tuple[str, ...],
        sections: tuple[str, ...],
        dates: tuple[str, ...],
    ) -> Question:
        by_kind: dict[str, list[Match]] = {}
        for match in sorted(matches, key=lambda m: m.at):
            by_kind.setdefault(match.phrase.kind, []).append(match)
        subjects = self._subjects(by_kind.get("subject", []))
        years, figures, items, counted, bare, used = _numbers(syllables, "form" in {m.phrase.value for m in by_kind.get("cue", [])})
        cues = {m.phrase.value for m in by_kind.get("cue", [])}
        scopes = [m.phrase.value for m in by_kind.get("scope", [])] + [f"from_{n}" for n in counted]
        signers = [m.phrase.value for m in by_kind.get("signer", [])]
        if signers:
            cues.add("document")
        plans = numbered + signers + [m.phrase.value for m in by_kind.get("plan", [])]
        explained = set(used)
        weak: set[int] = set()
        open_: set[int] = set()
        for match in matches:
            if match.phrase.kind == "cue":
                (open_ if match.phrase.value in _OPEN_CUES else weak).update(match.at)
            elif match.phrase.kind not in {"subject", "theme"} or match.phrase.value in subjects:
                explained.update(match.at)
        terms = frozenset().union(*(self._terms[s] for s in subjects)) if subjects else frozenset()
        named = {at for m in by_kind.get("plan", []) if self.plans[m.phrase.value].targets for at in m.at}
        named |= {at for at in used if _YEAR.fullmatch(syllables[at])}
        content = tuple(
            s for at, s in enumerate(syllables) if at not in named and (at not in weak or at in explained or at in open_)
        )
        leftover = tuple(
            s
            for at, s in enumerate(syllables)
            if at not in explained and at not in weak and at not in open_ and s not in terms and len(s) > 1 and not s.isdigit()
        )
        return Question(
            text=text,
            subjects=subjects,
            themes=tuple(dict.fromkeys(m.phrase.value for m in by_kind.get("theme", []))),
            scopes=tuple(dict.fromkeys(scopes)),
            plans=tuple(dict.fromkeys(plans)),
            years=years,
            elsewhere=tuple(dict.fromkeys(m.phrase.value for m in by_kind.get("elsewhere", []))),
            topics=tuple(dict.fromkeys(m.phrase.value for m in by_kind.get("topic", []))),
            cues=frozenset(cues | _marks(text)),
            figures=figures,
            items=items,
            sections=sections,
            references=references,
            numbers=bare,
            dates=dates,
            spoken=tuple(s for at, s in enumerate(syllables) if at not in named),
            content=content,
            leftover=leftover,
            length=len(syllables),
        )

    def _subjects(self, matches: list[Match]) -> tuple[str, ...]:
        if not matches:
            return ()
        rank = {subject.id: subject.rank for subject in self.glossary.subjects}
        best = max(rank[m.phrase.value] for m in matches)
        floor = min(best, 5)
        kept: list[Match] = []
        over = {other for m in matches for other in self.glossary.subject(m.phrase.value).over}
        for match in sorted(matches, key=lambda m: (-m.size, -rank[m.phrase.value], m.at)):
            if rank[match.phrase.value] < floor or match.phrase.value in over:
                continue
            rivals = [k for k in kept if set(k.at) & set(match.at) and k.phrase.value != match.phrase.value]
            if any(r.size > match.size or rank[r.phrase.value] > rank[match.phrase.value] for r in rivals):
                continue
            kept.append(match)
        return tuple(dict.fromkeys(m.phrase.value for m in sorted(kept, key=lambda m: m.at)))


def _phrase(kind: str, value: str, text: str, speller: Speller) -> Phrase:
    """A phrase of the glossary; those that are common words hold only with the marks they are written with."""
    strict = text.startswith("=") or kind in {"cue", "elsewhere", "topic"}
    parts: list[str] = []
    marked: list[str] = []
    for index, part in enumerate(text.split(GAP)):
        if index:
            parts.append(GAP)
        for syllable in speller.expand([Syllable.typed(word) for word in words(part)]):
            parts.append(syllable.folded)
            marked.append(syllable.marks or spelling(syllable.folded))
    return Phrase(tuple(parts), kind, value, tuple(marked) if strict else ())


def _date(text: str) -> str:
    """A typed date as the plans write it: 15/01/2021, or 02/2021."""
    return "/".join(f"{int(part):02}" for part in re.split(r"[/.\-]", re.sub(r"\s", "", text)))


def _marks(text: str) -> set[str]:
    """Signs that no single phrase shows."""
    signs = {"question_mark": text.endswith("?"), "range": bool(_RANGE.search(fold(text)))}
    return {sign for sign, seen in signs.items() if seen}


def _mask(text: str, plain: str, patterns: Iterable[re.Pattern[str]]) -> str:
    if len(text) != len(plain):
        text = plain
    for pattern in patterns:
        for found in pattern.finditer(plain):
            text = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
    return text


def _numbers(
    syllables: list[str], form: bool
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...], set[int]]:
    """Years, quoted figures, row numbers, numbers of workers, numbers that could be anything; positions of all but these."""
    years: list[int] = []
    figures: list[int] = []
    items: list[int] = []
    counted: list[int] = []
    bare: list[int] = []
    used: set[int] = set()
    for at, syllable in enumerate(syllables):
        before = syllables[at - 1] if at else ""
        after = syllables[at + 1] if at + 1 < len(syllables) else ""
        following = tuple(syllables[at + 1 : at + 3])
        if syllable.endswith("%") and syllable[:-1].isdigit():
            figures.append(int(syllable[:-1]))
        elif _THOUSANDS.fullmatch(syllable):
            figures.append(int(re.sub(r"\D", "", syllable)))
        elif not syllable.isdigit():
            continue
        elif _YEAR.fullmatch(syllable):
            years.append(int(syllable))
        elif after == "%" or following == ("phan", "tram"):
            figures.append(int(syllable))
        elif following in _COUNTED or following[:1] in _COUNTED:
            counted.append(int(syllable))
        elif before in {"muc", "stt", "dong"} or (before == "so" and form) or (before == "tieu" and (form or len(syllable) == 2)):
            items.append(int(syllable))
        elif form and at + 1 == len(syllables) or (form and before in {"mau", "lieu", "bieu"}):
            items.append(int(syllable))
        elif syllable in _SHORT_YEARS and (before == "nam" or (before in {"den", "con", ""} and after in {"", "thi", "sao", "bao"})):
            years.append(_SHORT_YEARS[syllable])
        elif len(syllable) >= 3:
            figures.append(int(syllable))
        else:
            bare.append(int(syllable))
            continue
        used.add(at)
    found = (years, figures, items, counted, bare)
    first, second, third, fourth, fifth = (tuple(dict.fromkeys(numbers)) for numbers in found)
    return first, second, third, fourth, fifth, used


@cache
def load_understanding() -> Understanding:
    """The understanding of the catalogue's plans and glossary, built once."""
    return Understanding(load_plans(), load_glossary())
