"""Reading of questions: a message becomes subjects, plans, years, populations and cues."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from knowledge.asides import AsideFinder
from knowledge.elsewhere import find_apart, find_bodies_of_asker, find_told, is_counted
from knowledge.forms import load_forms
from knowledge.glossary import Glossary, Subject, load_glossary
from knowledge.issuers import Issuers, Name, tell_apart
from knowledge.lexer import GAP, Lexicon, Match, Phrase, Speller, Syllable, is_joined
from knowledge.model.plans import Plan, Target
from knowledge.model.questions import Question
from knowledge.place_slips import PlaceSlips
from knowledge.places import read_places, sets_parts
from knowledge.plans import load_plans
from knowledge.portions import find_portion
from knowledge.quantities import Named, Stated, find_named, find_numbers, part_row_numbers
from knowledge.quantity_words import YEAR
from knowledge.quoting import find_bounds, find_ranges
from knowledge.remembering import remembered
from knowledge.search.parts import shared_shelf
from knowledge.search.wordbook import Tokens, shared_wordbook
from knowledge.sides import find_sides
from knowledge.spoken import find_spoken, write_digits
from knowledge.subjects.joining import join_subjects
from knowledge.text import fold, fold_words, is_syllable, spelling, tidy, words
from knowledge.vocabulary import Vocabulary
from knowledge.words import CHANGING, FORMER, FORMER_MARKED, NOT_FORMER, NOT_SIGNED, PAYING, PRESENT, SIGNED, STANDING

LONGEST_TEXT = 1000
"""Letters of a message that are read; what an officer asks stands within them."""

MOST_REMEMBERED = 20
"""Plans of a catalogue that is remembered for whoever asks for it again; a larger one is his who builds it."""

REMEMBERED = 32
"""Messages that were read and may be looked at again: by what tells their meaning, and by what answers them."""

_CLAUSE_END = re.compile(r"[.;:!?\n,](?!\d)|(?<=\s)[+&](?=\s)")
_OF_SIZE = frozenset({"unorganised_reach", "unionised_enterprises"})
"""Subjects that give way to enterprises having a union once the size of enterprises is named."""

_OPEN_CUES = frozenset({"roles", "due", "annual", "filler", "former"})
"""Cues whose words also tell what is asked about; the words of the others are no content."""

_CUES = (
    "planned",
    "figure",
    "asked_figure",
    "either",
    "verify",
    "reach",
    "apart",
    "against",
    "everywhere",
    "result",
    "total",
    "frequency",
    "versus",
    "overview",
    "compare",
    "when",
    "who",
    "whom",
    "roles",
    "due",
    "section",
    "document",
    "form",
    "follow",
    "whose",
    "annual",
    "stages",
    "filler",
    "padding",
)


def _names_plan(words: tuple[str, ...], kinds: Iterable[tuple[str, ...]], names: Container[tuple[str, ...]]) -> bool:
    """Whether words that no plan was meant by name one that is known by now: "kế hoạch của Tổng Liên đoàn"."""
    said = any(words[: len(kind)] == kind for kind in kinds)
    return said and any(words[at:] in names for at in range(1, len(words)))


class Understanding:
    """Reads questions against a glossary and a set of plans."""

    def __init__(self, plans: Iterable[Plan], glossary: Glossary, gone: Iterable[str] = ()) -> None:
        """Index every phrase of the glossary and every name of a plan; a subject that nobody knows is a mistake.

        Args:
            gone: names of places and bodies whose plans were withdrawn.
        """
        joined = join_subjects(tell_apart(plans).values(), glossary)
        self.plans = {plan.id: plan for plan in joined.plans}
        self.glossary = glossary = joined.glossary
        self.own_subjects, self.known_as = joined.own, joined.known_as
        bare = Speller(glossary.abbreviations, Vocabulary())
        self.issuers = Issuers(self.plans, bare.plain, glossary.elsewhere.places, glossary.elsewhere.bodies)
        self._gone = tuple(gone)
        phrases = [_phrase(kind, value, text, bare) for kind, value, text in self._sources()]
        kinds = {bare.plain(plan.kind) for plan in self.plans.values()}
        names = {phrase.words for phrase in phrases if phrase.kind == "plan"}
        self._phrases = [each for each in phrases if each.kind != "guard" or not _names_plan(each.words, kinds, names)]
        parts = shared_shelf().parts(self.plans.values(), glossary, bare.plain)
        vocabulary = Vocabulary(
            [*(part.spoken for part in parts), self._spoken()],
            [phrase.words for phrase in self._phrases if phrase.kind in {"plan", "subject", "scope"}],
        )
        self.speller = Speller(glossary.abbreviations, vocabulary)
        self.lexicon = Lexicon(self._phrases)
        self._asides = AsideFinder(glossary)
        named = ((_phrase("plan", value, name, bare), name) for value, name in self.issuers.phrases())
        self._place_slips = PlaceSlips(named)
        self._numbers: dict[str, list[str]] = {}
        for plan in self.plans.values():
            if plan.number:
                self._numbers.setdefault(re.sub(r"[^a-z0-9]", "", fold(plan.number)), []).append(plan.id)
        self._meanings: dict[tuple[str, ...], set[str]] = {}
        for phrase in self._phrases:
            if phrase.kind == "subject":
                self._meanings.setdefault(phrase.words, set()).add(phrase.value)
        self._fillers: dict[str, set[str]] = {}
        for phrase in self._phrases:
            if phrase.kind == "cue" and phrase.value in _CUES:
                for word, marks in zip(phrase.words, phrase.marked, strict=False):
                    self._fillers.setdefault(word, set()).add(marks)
        self.read = remembered(self._read, REMEMBERED)
        self.read_known = self.read if not joined.own else remembered(self._read_known, REMEMBERED)
        self._ranks = {subject.id: subject.rank for subject in glossary.subjects}
        stated = [target for plan in self.plans.values() for target in plan.targets]
        self._sets_parts = sets_parts(f"{target.figure} {target.population}" for target in stated)
        self._stated = Stated.of((target.values, self.fold_words(target.unit or "")) for target in stated)
        targets: dict[str, list[Target]] = {}
        for target in stated:
            targets.setdefault(target.indicator, []).append(target)
        self._terms = {s.id: frozenset(self._around(s, targets.get(s.id, ()))) for s in glossary.subjects}

    def _around(self, subject: Subject, targets: Sequence[Target]) -> tuple[str, ...]:
        units = {target.unit or "" for target in targets}
        measured = (
            word
            for measure in self.glossary.measures
            if any(unit.endswith(measure.unit) for unit in units)
            for word in measure.words
        )
        populations = dict.fromkeys(target.population for target in targets)
        texts = (subject.name, subject.short, *subject.phrases, *subject.terms, *populations, *measured)
        return self.fold_words(" ".join(texts))

    def _sources(self) -> Iterable[tuple[str, str, str]]:
        yield from (("plan", value, name) for value, name in self.issuers.phrases())
        glossary = self.glossary
        for subject in glossary.subjects:
            yield from (("subject", subject.id, phrase) for phrase in (*subject.phrases, *subject.everyday))
        for theme in glossary.themes:
            yield from (("theme", theme.name, phrase) for phrase in theme.phrases)
        for scope in glossary.scopes:
            yield from (("scope", scope.id, phrase) for phrase in scope.phrases)
        for kind, phrases in (
            ("elsewhere", glossary.elsewhere.places),
            ("elsewhere", glossary.elsewhere.bodies),
            ("other", (*glossary.elsewhere.people, *glossary.elsewhere.others)),
            ("topic", glossary.elsewhere.topics),
        ):
            yield from ((kind, phrase, phrase) for phrase in phrases)
        named = {fold(name) for _, name in self.issuers.phrases()}
        yield from (("elsewhere", name, name) for name in self._gone if fold(name) not in named)
        for plan in self.plans.values():
            if plan.signer:
                yield ("signer", plan.id, plan.signer)
        for cue in _CUES:
            yield from (("cue", cue, phrase) for phrase in getattr(glossary.cues, cue))
        yield from (("cue", "former", phrase) for phrase in FORMER)
        yield from (("cue", "present", phrase) for phrase in PRESENT)
        yield from (("cue", "over_time", phrase) for phrase in CHANGING)
        yield from (("cue", "standing", phrase) for phrase in STANDING)
        for cue, phrases in (("signed", SIGNED), ("not_signed", NOT_SIGNED), ("paying", PAYING)):
            yield from (("cue", cue, phrase) for phrase in phrases)
        yield from (("guard", phrase, phrase) for phrase in (*glossary.guards, *NOT_FORMER))

    def _spoken(self) -> Tokens:
        """The words of phrases and forms."""
        return Tokens.of([list(map(list, self._runs()))], shared_wordbook())

    def _runs(self) -> Iterable[Iterable[str]]:
        for phrase in self._phrases:
            yield (word for word in phrase.words if word != GAP)
        for form in load_forms():
            yield fold_words(" ".join((form.title, *form.aliases, *(part.title for part in form.parts))))
            yield from (fold_words(" ".join((row.name, *row.aliases))) for row in form.indicators)

    def fold_words(self, text: str) -> tuple[str, ...]:
        """The folded syllables of a text of the catalogue, short forms spelled out."""
        return self.speller.plain(text)

    def belongs(self, syllable: Syllable, subjects: Iterable[str]) -> bool:
        """Whether a syllable may stand around one of the subjects without asking for anything else."""
        return any(syllable.folded in self._terms[subject] for subject in subjects)

    def _is_of(self, other: str, subjects: Iterable[str]) -> bool:
        """Whether something else named is only what a subject is counted in: money, of a fund."""
        return any(self._terms[subject].issuperset(self.fold_words(other)) for subject in subjects)

    def is_nearly_filler(self, syllable: Syllable) -> bool:
        """Whether it is a small word typed with a mark too few or too many."""
        spellings = self._fillers.get(syllable.folded, ())
        return any(syllable.marks is None or OSA.distance(syllable.marks, known) <= 1 for known in spellings)

    def _read_known(self, text: str) -> Question:
        """The message as it reads to whoever does not know what plans call their own."""
        return self._read(text, own=False)

    def _read(self, text: str, *, own: bool = True) -> Question:
        """The message by itself, without what was asked before, and without the clauses that ask for nothing.

        `read` remembers it, as several rooms look at it.

        Args:
            own: whether names of subjects count that plans brought with them.
        """
        tidied = write_digits(part_row_numbers(tidy(text)[:LONGEST_TEXT]))
        named = find_named(tidied)
        ends = [found.end() for found in _CLAUSE_END.finditer(named.masked)]
        spans = list(itertools.pairwise((0, *ends, len(named.masked))))
        clauses = [self.speller.spell(named.masked[start:end]) for start, end in spans]
        spelled = [syllable for clause in clauses for syllable in clause]
        starts = set(itertools.accumulate(len(clause) for clause in clauses))
        within = (m for m in self.lexicon.find(spelled) if own or m.phrase.value not in self.own_subjects)
        found = [m for m in within if not _reaches_across(m, starts) and not _is_bare(m, spelled)]
        if not any(m.phrase.value == "former" for m in found):
            found = [m for m in found if m.phrase.value != "present"]
        matches = self._decide(found)
        places = list(self._place_slips.find(clauses, matches, tidied))
        matches = self._decide([*matches, *places]) if places else matches
        named_subjects = {m.phrase.value for m in matches if m.phrase.kind == "subject"}
        covered = {at for m in matches for at in m.at}
        if not named_subjects or len(covered) < len(spelled):
            slips = self._with_slips(spelled, matches, named_subjects)
            slips = [m for m in slips if own or m.phrase.value not in self.own_subjects]
            matches = self._decide([*matches, *slips]) if slips else matches
        if len(spans) > 1 and len(named.masked) == len(tidied):
            texts = [tidied[start:end] for start, end in spans]
            if asides := self._asides.find(clauses, matches, texts):
                kept = "".join(text for number, text in enumerate(texts) if number not in asides)
                return self.read(kept) if own else self.read_known(kept)
        return self._question(tidied, clauses, matches, named)

    def _with_slips(self, spelled: list[Syllable], matches: list[Match], named: set[str]) -> list[Match]:
        """Subjects and plans that stand there but for a slip; beside subjects already named, only those."""
        near = self.lexicon.find_near(spelled, frozenset({"subject", "plan"}), self._fillers, named)
        taken = {at for m in matches for at in m.at if m.phrase.kind not in {"cue", "theme", "subject"}}
        fitting = (m for m in near if m.slips and not taken.intersection(m.at))
        return list(fitting)

    def _numbered(self, references: tuple[str, ...]) -> tuple[list[Name], tuple[str, ...]]:
        """The plans of each own number among those cited, and the numbers that are no plan's."""
        owned = [number for number in self._numbers if number in references]
        spoken = {ref for ref in references for number in self._numbers if ref.isdigit() and number.startswith(ref)}
        others = tuple(ref for ref in references if ref not in owned and ref not in spoken)
        return [Name(tuple(self._numbers[number]), of_issuer=False) for number in owned], others

    def _decide(self, matches: list[Match]) -> list[Match]:
        """Drop matches that a longer one explains away: "ngoài nhà nước" is not "nhà nước"."""
        exclusive = {"plan", "elsewhere", "scope", "topic", "other", "guard"}
        kept: list[Match] = []
        standing: dict[int, list[Match]] = {}
        for match in sorted(matches, key=lambda m: (-m.size, m.slips, m.phrase.kind != "guard", m.at)):
            kind = match.phrase.kind
            rivals = [rival for at in match.at for rival in standing.get(at, ())]
            if kind in exclusive and any(
                r.size > match.size
                or r.phrase.kind != kind
                or (r.phrase.value != match.phrase.value and kind != "topic")
                for r in rivals
                if r.phrase.kind in exclusive
            ):
                continue
            if kind == "subject" and any(
                set(match.at) < set(r.at) for r in rivals if r.phrase.kind in {"subject", "elsewhere", "topic"}
            ):
                continue
            if kind == "cue" and any(self._explains_away(rival, match) for rival in rivals):
                continue
            kept.append(match)
            for at in match.at:
                standing.setdefault(at, []).append(match)
        return kept

    @staticmethod
    def _explains_away(rival: Match, cue: Match) -> bool:
        """Whether the words of a cue belong to a longer phrase: "nhiệm vụ" of a subject, "ký" of "định kỳ"."""
        if rival.size <= cue.size:
            return False
        shared = set(rival.at) & set(cue.at)
        return bool(shared) if rival.phrase.kind in {"subject", "plan", "scope"} else shared == set(cue.at)

    def _question(self, text: str, clauses: list[list[Syllable]], matches: list[Match], named: Named) -> Question:
        by_kind: dict[str, list[Match]] = {}
        for match in sorted(matches, key=lambda m: m.at):
            by_kind.setdefault(match.phrase.kind, []).append(match)
        values = {kind: tuple(dict.fromkeys(m.phrase.value for m in found)) for kind, found in by_kind.items()}
        spelled = [syllable for clause in clauses for syllable in clause]
        folded = [syllable.folded for syllable in spelled]
        cues = {m.phrase.value for m in by_kind.get("cue", [])}
        at_names = frozenset(at for m in by_kind.get("plan", []) for at in m.at)
        numbers = find_numbers(folded, about_form="form" in cues, named=at_names, stated=self._stated)
        spoken = find_spoken(fold(text))
        figures = self._stated.without_bases((*numbers.figures, *spoken), folded)
        ranges = find_ranges(text, figures)
        portion = find_portion(text) if "verify" in cues and not figures else None
        percents = numbers.percents.union(figure for figure, is_percent in spoken.items() if is_percent)
        told = find_told(clauses, by_kind.get("subject", ()))
        own = {folded[at] for at in told}
        sizes = ((f"{kind}_", n) for kind, ns in (("from", numbers.workers), ("under", numbers.below)) for n in ns)
        sized = tuple(f"{kind}{count}" for kind, count in sizes if str(count) not in own)
        subjects = self._subjects(by_kind.get("subject", []), clauses, sized=bool(sized))
        numbered, references = self._numbered(named.references)
        names = self.issuers.meant((*numbered, *(self.issuers.names[value] for value in values.get("plan", ()))))
        found = by_kind.get("elsewhere", ()), by_kind.get("plan", ())
        places = read_places(clauses, *found, cues, dated=bool(numbers.years or figures), parts=not self._sets_parts)
        names, years = self.issuers.by_terms(names or self.names_in(places.region), numbers.years)
        told |= {at for m in by_kind.get("subject", ()) if m.phrase.value in subjects for at in m.at}
        others = dict.fromkeys(m.phrase.value for m in by_kind.get("other", ()) if not told.issuperset(m.at))
        signed = {"document", "signer"} if "signer" in by_kind else set[str]()
        cues |= named.signs | signed | places.signs | ({"question_mark"} if text.endswith("?") else set())
        people = (m for m in by_kind.get("other", ()) if m.phrase.value in self.glossary.elsewhere.people)
        cues |= {"counts_others"} if any(is_counted(folded, match) for match in people) else set()
        cues |= {"over_time"} if "present" in cues else set()
        cues |= set() if "signed" not in cues else {"who"} if "not_signed" in cues else {"document"}
        figures = figures if portion is None else (portion,)
        percents = percents if portion is None else frozenset({portion})
        words_of = _WordsOf(self, spelled, matches, subjects, numbers.at)
        unexplained = words_of.leftover if subjects and not names else ()
        apart = places.apart(named=bool(names))
        return Question(
            text=text,
            subjects=subjects,
            of_asker=find_bodies_of_asker(clauses, by_kind.get("subject", ())),
            themes=values.get("theme", ()),
            scopes=tuple(dict.fromkeys((*values.get("scope", ()), *find_sides(text), *sized))),
            plans=tuple(dict.fromkeys((*values.get("signer", ()), *(plan for name in names for plan in name.plans)))),
            issuers=tuple(name.plans for name in names if name.of_issuer),
            years=years,
            elsewhere=find_apart(text, apart, self.plans.values(), self.fold_words, unexplained),
            topics=values.get("topic", ()),
            others=tuple(other for other in others if not self._is_of(other, subjects)),
            cues=frozenset(cues),
            figures=tuple(dict.fromkeys((*figures, *(low for low, _ in ranges)))),
            percents=percents.union(low for low, high in ranges if high in percents),
            counts=numbers.counts.union(low for low, high in ranges if high in numbers.counts),
            ranges=ranges,
            bounds=find_bounds(text, figures),
            items=numbers.items,
            parts=named.parts,
            sections=named.sections,
            references=references,
            numbers=numbers.bare,
            dates=named.dates,
            spoken=words_of.spoken,
            content=words_of.content,
            leftover=words_of.leftover,
            strange=words_of.strange,
            length=len(folded),
        )

    def names_in(self, place: str) -> list[Name]:
        """What a place is the name of."""
        found = self.lexicon.find([Syllable.typed(word) for word in words(place)])
        return [self.issuers.names[m.phrase.value] for m in found if m.phrase.kind == "plan"]

    def _subjects(self, matches: list[Match], clauses: list[list[Syllable]], *, sized: bool) -> tuple[str, ...]:
        """The subjects named; the size of an enterprise alone ("từ 25 lao động") means that it has a union."""
        rank = self._ranks
        if sized and all(rank[m.phrase.value] < 5 or m.phrase.value in _OF_SIZE for m in matches):
            return ("unionised_enterprises",)
        floor = min(max((rank[m.phrase.value] for m in matches), default=0), 5)
        over = {other for m in matches for other in self.glossary.subject(m.phrase.value).over}
        kept: list[Match] = []
        lesser: list[Match] = []
        for match in sorted(matches, key=lambda m: (-m.size, -rank[m.phrase.value], m.at)):
            if match.phrase.value in over:
                continue
            rivals = [k for k in kept if set(k.at) & set(match.at) and k.phrase.value != match.phrase.value]
            if any(r.size > match.size or rank[r.phrase.value] > rank[match.phrase.value] for r in rivals):
                continue
            (kept if rank[match.phrase.value] >= floor else lesser).append(match)
        taken = {at for m in kept for at in m.at}
        kept += [m for m in lesser if not taken.intersection(m.at) and any(is_joined(m, k, clauses) for k in kept)]
        named = tuple(dict.fromkeys(m.phrase.value for m in sorted(kept, key=lambda m: m.at)))
        own = {m.phrase.value for m in kept if len(self._meanings[m.phrase.words]) == 1}
        shared = {s for m in kept if m.phrase.value in own for s in self._sharing(m.phrase.value)}
        return tuple(subject for subject in named if subject in own or subject not in shared)

    def _sharing(self, subject: str) -> set[str]:
        """The subjects that share some phrase with this one."""
        return {other for meanings in self._meanings.values() if subject in meanings for other in meanings} - {subject}


_WHOLE = frozenset({"elsewhere", "topic", "other"})
"""Kinds of names that stand within one clause: "cho xin con số, Công Thương …" names no Sở Công Thương."""


def _reaches_across(match: Match, starts: set[int]) -> bool:
    return match.phrase.kind in _WHOLE and not starts.isdisjoint(match.at[1:])


def _is_bare(match: Match, spelled: list[Syllable]) -> bool:
    """Whether a word that tells a plan of before is typed without the marks that it is known by."""
    return " ".join(match.phrase.words) in FORMER_MARKED and spelled[match.at[0]].marks is None


def _phrase(kind: str, value: str, text: str, speller: Speller) -> Phrase:
    """A phrase of the glossary; those that are common words hold only with the marks they are written with."""
    strict = text.startswith("=") or kind in {"cue", "elsewhere", "topic", "other"}
    parts: list[str] = []
    marked: list[str] = []
    for index, part in enumerate(text.split(GAP)):
        if index:
            parts.append(GAP)
        for syllable in speller.expand([Syllable.typed(word) for word in words(part)]):
            parts.append(syllable.folded)
            marked.append(syllable.marks or spelling(syllable.folded))
    return Phrase(tuple(parts), kind, value, tuple(marked) if strict else ())


class _WordsOf:
    """What the syllables of a question are to it: spoken, of content, left over, strange (see `Question`)."""

    def __init__(
        self,
        understanding: Understanding,
        spelled: list[Syllable],
        matches: list[Match],
        subjects: tuple[str, ...],
        numbered: frozenset[int],
    ) -> None:
        explained, weak, open_, named = set(numbered), set[int](), set[int](), set[int]()
        for match in matches:
            kind, value = match.phrase.kind, match.phrase.value
            if kind == "cue":
                (open_ if value in _OPEN_CUES else weak).update(match.at)
            elif kind not in {"subject", "theme", "guard", "other"} or value in subjects:
                explained.update(match.at)
            if kind == "plan" and any(understanding.plans[p].targets for p in understanding.issuers.names[value].plans):
                named.update(match.at)
        named |= {at for at in numbered if YEAR.fullmatch(spelled[at].folded)}
        known = explained | weak | open_
        left = [
            at
            for at, syllable in enumerate(spelled)
            if at not in known
            and len(syllable.folded) > 1
            and not syllable.folded[0].isdigit()
            and not understanding.belongs(syllable, subjects)
        ]
        self.spoken = tuple(s.folded for at, s in enumerate(spelled) if at not in named)
        self.content = tuple(
            s.folded
            for at, s in enumerate(spelled)
            if at not in named and (at not in weak or at in explained or at in open_)
        )
        self.leftover = tuple(spelled[at].folded for at in left)
        doubtful = [at for at in left if not understanding.is_nearly_filler(spelled[at])]
        self.strange = tuple(spelled[at].folded for at in doubtful if _is_sure(spelled, at, doubtful))


def _is_sure(spelled: list[Syllable], at: int, left: list[int]) -> bool:
    """Whether an unaccounted syllable is surely a word of its own: typed with its marks, or beside another such."""
    syllable = spelled[at]
    if not is_syllable(syllable.typed_text or syllable.folded):
        return False
    return syllable.marks is not None or at - 1 in left or at + 1 in left


def build_understanding(plans: tuple[Plan, ...], gone: tuple[str, ...] = ()) -> Understanding:
    """The understanding of a catalogue's plans beside the glossary; the last ones are remembered if they are small.

    Args:
        gone: names of places and bodies whose plans were withdrawn.
    """
    build = _build_understanding if len(plans) <= MOST_REMEMBERED else _build_understanding.__wrapped__
    return build(plans, gone)


@lru_cache(maxsize=2)
def _build_understanding(plans: tuple[Plan, ...], gone: tuple[str, ...]) -> Understanding:
    return Understanding(plans, load_glossary(), gone)


def load_understanding() -> Understanding:
    """The understanding of the plans that ship with the product, built once."""
    return build_understanding(load_plans())
