"""Wording of answers, as Telegram's HTML: facts, what a plan does not set, and questions without an answer."""

from __future__ import annotations

from collections.abc import Container, Sequence
from decimal import Decimal
from enum import IntEnum
from html import escape
from itertools import groupby
from typing import Final

from bot.words import plans
from knowledge.differing import find_difference
from knowledge.issuers import standing
from knowledge.model.answers import (
    Absence,
    Answer,
    AnswerKind,
    Beside,
    Caveat,
    Confirmation,
    Fact,
    Group,
    Matter,
    Passage,
    Row,
    Why,
)
from knowledge.model.plans import PERCENT, Comparator, Plan, Target
from knowledge.model.questions import Question
from knowledge.numbers import format_decimal
from knowledge.places import PARTS
from knowledge.portions import find_portion
from knowledge.quantities import written_references
from knowledge.text import raised, shorten, tidy
from knowledge.verdicts.asking import claim_of

EXAMPLES = ("chỉ tiêu TƯLĐTT 2025?", "Bảo Lộc mỗi năm kết nạp mấy đoàn viên", "báo cáo sơ kết gửi trước ngày nào")

_MAY_BE_ABSENT = "Tôi chưa rõ câu hỏi này; có thể nội dung đó <b>không có trong các kế hoạch</b> tôi có."
_CAVEATS = {
    Caveat.RESULTS: "Các kế hoạch chỉ đặt chỉ tiêu, không có số liệu thực hiện.",
    Caveat.NO_FIGURE: "Con số này <b>không có trong các kế hoạch</b> tôi có. Nội dung gần nhất:",
    Caveat.UNSURE: "Tôi chưa chắc đã hiểu đúng câu hỏi. Nội dung gần nhất:",
    Caveat.MAY_BE_ABSENT: f"{_MAY_BE_ABSENT} Nội dung gần nhất:",
}
_SEVERAL = "Câu hỏi có thể hiểu theo nhiều cách. Anh/chị chọn giúp:"
LONGEST_LINE, LONGEST_OF_FEW = 110, 440
"""Letters of a task in an outline: of many, and of few, which are told whole."""
MOST_QUOTED, MOST_OF_QUOTED, LONGEST_QUOTE = 2, 3, 420
"""Sentences quoted below figures, how many figures they may stand below, and letters of one sentence."""

MOST_BESIDE = 4
"""Figures told in the line of a plan of another time."""
MOST_LINES, FEW_LINES = 20, 7
"""Tasks that an outline shows."""


def answer(said: Answer, *, noted: Container[str] = ()) -> str:
    """The whole answer, short enough for a phone; complete without its buttons.

    Args:
        noted: plans (ids) of which whoever reads it knows already what became of them.
    """
    caveat = _CAVEATS[said.caveat] if said.caveat is not None and said.kind is not AnswerKind.SILENT else ""
    after = {plan.id: plan for plan in said.successors}
    notes = dict.fromkeys(
        plans.state(plan, after.get(plan.replaced_by or "")) for plan in said.changed_plans if plan.id not in noted
    )
    notes |= dict.fromkeys(
        f"Hiện không có kế hoạch nào của {escape(plan.issuer)} đang có hiệu lực." for plan in said.lapsed
    )
    parts = (
        caveat,
        _quoted(said.verdict),
        _body(said),
        further(said.more) and f"… và {further(said.more)}.",
        "\n".join(notes),
    )
    return "\n\n".join(part for part in parts if part)


def further(count: int) -> str:
    """The plans that speak too and are only counted; empty where there are none."""
    return f"{format_decimal(count)} kế hoạch khác" if count else ""


def _body(said: Answer) -> str:
    match said.kind:
        case AnswerKind.TARGETS:
            return _targets(said)
        case AnswerKind.OVERVIEW:
            return _overview(said)
        case AnswerKind.DOCUMENTS:
            return _by_state(said) if said.by_state else _documents(said)
        case AnswerKind.PASSAGES:
            return "\n\n".join(plans.passage(found) for found in said.passages)
        case AnswerKind.ROWS:
            return _rows(said.rows)
        case AnswerKind.OUTLINE:
            return _outline(said.section, said.passages)
        case AnswerKind.CHOOSE:
            return _choose(said)
        case AnswerKind.SILENT:
            return _silent(said)
        case AnswerKind.GREETING:
            return greeting()


def greeting() -> str:
    """The reply to a message with nothing in it to look up."""
    examples = "\n".join(f"• {escape(example)}" for example in EXAMPLES)
    offer = "Tôi tra chỉ tiêu, nhiệm vụ và thời hạn trong các kế hoạch công đoàn."
    return f"{offer} Anh/chị hãy gửi câu hỏi, ví dụ:\n{examples}"


def _targets(said: Answer) -> str:
    blocks = []
    open_question = said.question.asks("whose", "when", *(() if _is_one_to_confirm(said) else ("document", "either")))
    verdict = ""
    if said.quoted and said.groups and not open_question:
        verdict = _reached(said) if said.question.asks("reach") else _verdict(said)
    if verdict:
        blocks.append(verdict)
    elif apart := _difference(said):
        blocks.append(apart)
    if said.elsewhere:
        blocks.append(_elsewhere(said.elsewhere))
    first = tuple(absence for absence in said.absences if absence.own or absence.leads)
    blocks += _absences(first)
    blocks += [_group(group, said) for group in said.groups]
    blocks += _absences(tuple(absence for absence in said.absences if absence not in first))
    blocks += _sources(said)
    if said.passages:
        heading = "Nhiệm vụ liên quan:" if said.groups else "Nội dung liên quan trong kế hoạch:"
        blocks.append("\n".join([heading, *(plans.passage(found) for found in said.passages)]))
    return "\n\n".join(blocks)


def _is_one_to_confirm(said: Answer) -> bool:
    """Whether one figure is quoted and asked to be confirmed: no two are to be chosen from."""
    return len(said.quoted) == 1 and claim_of(tidy(said.question.text)) is not None


def _sources(said: Answer) -> list[str]:
    """The sentences of the plans that a few figures stand in, where they are kept; many would bury the figures."""
    quotes = dict.fromkeys(fact.target.quote for fact in said.facts if fact.target.quote)
    if not quotes or len(quotes) > MOST_QUOTED or len(said.facts) > MOST_OF_QUOTED:
        return []
    return ["\n".join(plans.quotation(shorten(quote, LONGEST_QUOTE)) for quote in quotes)]


def _verdict(said: Answer) -> str:
    """Yes where every plan sets the figures quoted, no where none does, and who sets what where they differ.

    What a plan sets otherwise than it was quoted – a figure within its range, or bound to the other side – is told.
    """
    if not any(_may_be_held_against(quoted, fact, said.question) for quoted in said.quoted for fact in said.facts):
        return ""
    by_plan: dict[str, list[Fact]] = {}
    for fact in said.facts:
        by_plan.setdefault(fact.plan.id, []).append(fact)
    heard = {
        plan: [_agreement(quoted, facts, said.question) for quoted in said.quoted] for plan, facts in by_plan.items()
    }
    right = [plan for plan, each in heard.items() if min(each) is _Agreement.SAME]
    if len(right) == len(by_plan):
        return "Đúng, kế hoạch đặt như vậy."
    near = [plan for plan, each in heard.items() if plan not in right and min(each) is _Agreement.OTHERWISE]
    told = {plan: _figures(_otherwise(facts, said) if plan in near else facts) for plan, facts in by_plan.items()}
    if near == list(by_plan) and len(near) == 1:
        return f"Kế hoạch đặt {told[near[0]]}."
    others = "; ".join(
        f"{escape(facts[0].plan.short)} đặt {told[plan]}" for plan, facts in by_plan.items() if plan not in right
    )
    if right:
        agreeing = escape(", ".join(by_plan[plan][0].plan.short for plan in right))
        return f"Tùy kế hoạch: {agreeing} đặt đúng như vậy; {others}."
    if near:
        return f"{others}." if len(near) == len(by_plan) else f"Tùy kế hoạch: {others}."
    return "" if any(max(each) is not _Agreement.NONE for each in heard.values()) else f"Chưa đúng: {others}."


def _may_be_held_against(quoted: Decimal, fact: Fact, question: Question) -> bool:
    """Whether a figure quoted may be right or wrong by a target: one of words alone tells neither, nor does a number
    of people tell of a share ("tất cả")."""
    told = question.fits(quoted, fact.target) or find_portion(question.text) is None
    return fact.target.value is not None and told


class _Agreement(IntEnum):
    """How a plan sets a figure that is quoted: not at all, otherwise bound or in a range around it, or just so."""

    NONE = 0
    OTHERWISE = 1
    SAME = 2


def _agreement(quoted: Decimal, facts: Sequence[Fact], question: Question) -> _Agreement:
    return max(_agrees(quoted, fact, question) for fact in facts)


def _agrees(quoted: Decimal, fact: Fact, question: Question) -> _Agreement:
    """How one target sets a figure: both ends of a range that is quoted stand for it."""
    target, stated = fact.target, question.quoted_from(fact.target)
    if quoted in stated and len(stated) >= len(target.values) and question.binds_as(quoted, target):
        return _Agreement.SAME
    in_a_range = any(quoted in ends for ends in question.ranges)
    if quoted in stated or (not in_a_range and question.lies_within(quoted, target)):
        return _Agreement.OTHERWISE
    return _Agreement.NONE


def _otherwise(facts: Sequence[Fact], said: Answer) -> list[Fact]:
    """The facts that set one of the figures quoted, in whatever way."""
    return [f for f in facts if any(_agrees(quoted, f, said.question) is not _Agreement.NONE for quoted in said.quoted)]


def _figures(facts: Sequence[Fact]) -> str:
    return escape(", ".join(dict.fromkeys(fact.target.figure for fact in facts)))


_FACTS: Final = {
    Matter.SIGNER: "người ký là {}",
    Matter.SIGNER_TITLE: "người ký là {}",
    Matter.NUMBER: "văn bản mang số {}",
    Matter.ISSUED: "văn bản ban hành ngày {}",
    Matter.ISSUER: "cơ quan ban hành là {}",
    Matter.BASIS: "văn bản thực hiện {}",
    Matter.TERM: "văn bản cho giai đoạn {}",
    Matter.ADDRESS: "địa chỉ nhận là {}",
    Matter.CITED: "văn bản được dẫn ngày {}",
    Matter.WHEN: "kế hoạch đặt {}",
    Matter.COUNT: "kế hoạch ghi “{}”",
    Matter.SENTENCE: "kế hoạch ghi “{}”",
    Matter.BODY: "chịu trách nhiệm là {}",
    Matter.BODY_BESIDE: "cùng phối hợp có {}",
    Matter.ROW: "mục {}",
    Matter.POPULATION: "kế hoạch đặt cho {}",
}
_UNTOLD: Final = {
    Matter.NUMBER: "Văn bản không ghi số",
    Matter.ISSUED: "Văn bản không ghi ngày ban hành",
    Matter.NUMBER_AND_ISSUED: "Văn bản không ghi số và ngày ban hành",
}


def _quoted(verdict: Confirmation | None) -> str:
    """Whether what was quoted is so, and what the plan or the form says; empty where nothing was judged."""
    if verdict is None:
        return ""
    if not verdict.fact:
        return f"{_UNTOLD[verdict.matter]}: điều này không có trong các kế hoạch tôi có."
    told = _FACTS[verdict.matter].format(escape(verdict.fact))
    if verdict.agrees is None:
        return f"{raised(told)}."
    return f"{'Đúng' if verdict.agrees else 'Chưa đúng'}: {told}."


def _reached(said: Answer) -> str:
    """Which of the figures set the one quoted comes up to; nothing where several are quoted or none can be told."""
    if len(said.quoted) != 1:
        return ""
    quoted = said.quoted[0]
    lines = []
    for fact in said.facts:
        target = fact.target
        if target.value is None or not said.question.fits(quoted, target):
            continue
        goal = target.value * target.size
        match target.comparator:
            case Comparator.MORE_THAN:
                is_met = quoted > goal
            case Comparator.LESS_THAN:
                is_met = quoted < goal
            case Comparator.AT_MOST:
                is_met = quoted <= goal
            case _:
                is_met = quoted >= goal
        lines.append(f"{'Đạt' if is_met else 'Chưa đạt'} mức {escape(target.figure)} ({plans.horizon(target).lower()})")
    return "; ".join(dict.fromkeys(lines)) + "." if lines else ""


_TIMES = "lần"
"""A unit of which more is no growth by so many: "tăng 0,75 lần" would be read as a multiple."""
_GROWTH = {None: "", Comparator.AT_LEAST: "Mức tối thiểu ", Comparator.AT_MOST: "Mức tối đa "}


def _difference(said: Answer) -> str:
    """The difference of two figures with the sum shown, where it is asked for; nothing where they are not just two."""
    found = find_difference(said)
    if found is None or not found.amount:
        return ""
    low, high = sorted((found.first.target.value or 0, found.second.target.value or 0))
    unit = found.first.target.unit or ""
    amount = f"{format_decimal(high - low)} {escape('điểm phần trăm' if unit == PERCENT else unit)}".strip()
    reckoned = f"{format_decimal(high)} − {format_decimal(low)}"
    if not found.over_time or unit == _TIMES:
        return f"Chênh nhau {amount} ({reckoned})."
    grown = f"{_GROWTH[found.bound]}{'tăng' if found.amount > 0 else 'giảm'} {amount} ({reckoned})."
    return grown[0].upper() + grown[1:]


def _group(group: Group, said: Answer) -> str:
    years = said.question.years
    title = f"<b>{escape(group.name)}</b>" + (f" – năm {', '.join(map(str, years))}" if years else "")
    lines = [title]
    for plan, run in groupby(group.facts, key=lambda fact: fact.plan):
        facts = list(run)
        sections = ", ".join(dict.fromkeys(fact.target.section for fact in facts))
        lines.append(f"📄 {plans.source(plan, sections)}")
        for _, same in groupby(facts, key=lambda fact: fact.target.population):
            first, *others = same
            lines.append(_fact(first, years))
            lines += [_fact(fact, years, with_population=False) for fact in others]
        lines += [_beside(beside, plan) for beside in group.beside if beside.after == plan.id]
    return "\n".join(lines)


def _beside(beside: Beside, told: Plan) -> str:
    """What a plan of another time sets on the same, in one line behind the plan that is told."""
    plan = beside.facts[0].plan
    when = "Trước đây" if standing(plan) > standing(told) else "Nay"
    figures = [*dict.fromkeys(f"{plans.horizon(f.target).lower()}: {escape(f.target.figure)}" for f in beside.facts)]
    said = "; ".join(figures[:MOST_BESIDE]) + ("; …" if len(figures) > MOST_BESIDE else "")
    sections = ", ".join(dict.fromkeys(fact.target.section for fact in beside.facts))
    return f"<i>{when} ({plan.covers_from}–{plan.covers_to}):</i> {said} – {plans.source(plan, sections)}"


def _fact(fact: Fact, years: tuple[int, ...] = (), *, with_population: bool = True) -> str:
    target = fact.target
    said = f"<b>{escape(target.figure)}</b>" + (
        f" – {escape(target.population)}" if with_population and _says_more(target) else ""
    )
    if fact.covering:
        within = (year for year in years if fact.plan.covers_from <= year < (target.year or 0))
        asked = ", ".join(map(str, within))
        pace = ", mỗi năm" if "năm" not in target.figure.lower() else ""
        return f"• Không đặt chỉ tiêu riêng cho năm {asked}; giai đoạn đến {target.horizon}{pace}: {said}"
    return f"• {plans.horizon(target)}: {said}"


def _says_more(target: Target) -> bool:
    """Whether what a target is measured on tells more than its figure: not "2.000 sáng kiến – sáng kiến"."""
    return target.population.lower() not in target.figure.lower()


def _absences(absences: tuple[Absence, ...]) -> list[str]:
    """Plans without an answer; several that lack the same for the same reason are told together, a line each."""
    if len(absences) < 2 or len({(a.name, a.years, a.scopes, a.why) for a in absences}) > 1:
        return [_absence(absence) for absence in absences]
    names = ", ".join(escape(absence.plan.citation) for absence in absences)
    lines = [f"{names} đều <b>không đặt chỉ tiêu</b>{_lacking(absences[0])}."]
    told = [absence for absence in absences if absence.instead]
    if told:
        lines.append(f"Có đặt {escape(told[0].instead[0].name)}:")
    for absence in told:
        facts = [fact for group in absence.instead[:1] for fact in group.facts]
        stages = "; ".join(f"{plans.horizon(f.target).lower()}: {escape(f.target.figure)}" for f in facts)
        other = f" ({escape(absence.instead[0].name)})" if absence.instead[0].name != told[0].instead[0].name else ""
        lines.append(f"• {plans.source(absence.plan, facts[0].target.section)}{other}: {stages}")
    return ["\n".join(lines)]


def _lacking(absence: Absence) -> str:
    """What is not set: the subject, the population, the years."""
    name = f" {escape(absence.name)}" if absence.name else ""
    scopes = f" riêng cho {escape(', '.join(absence.scopes))}" if absence.scopes and absence.why is Why.SCOPE else ""
    return name + scopes + (f" cho năm {', '.join(map(str, absence.years))}" if absence.years else "")


def _absence(absence: Absence) -> str:
    said = f"{escape(absence.plan.citation)} <b>không đặt chỉ tiêu</b>{_lacking(absence)}."
    if not absence.instead:
        return said
    lines = [said, "Kế hoạch này có đặt:"]
    for group in absence.instead:
        for fact in group.facts:
            target = fact.target
            said = f"{escape(target.figure)} – {escape(target.population)} (mục {escape(target.section)})"
            lines.append(f"• {plans.horizon(target)}: {said}")
    return "\n".join(lines)


def _overview(said: Answer) -> str:
    blocks = []
    for group in said.groups:
        lines = [f"<b>{escape(group.name)}</b>"]
        ordered = sorted(group.facts, key=lambda fact: fact.target.order)
        for when, run in groupby(ordered, key=lambda fact: (plans.horizon(fact.target), fact.target.section)):
            lines.append(f"<i>{when[0]} (mục {escape(when[1])})</i>")
            lines += [f"• <b>{escape(fact.target.figure)}</b> – {escape(fact.target.population)}" for fact in run]
        blocks.append("\n".join(lines))
    blocks += _absences(said.absences)
    return "\n\n".join(blocks)


def _documents(said: Answer) -> str:
    """One plan's identity in full; of several, what tells them apart."""
    if len(said.documents) < 3:
        after = {plan.id: plan for plan in said.successors}
        return "\n\n".join(plans.document(plan, after.get(plan.replaced_by or "")) for plan in said.documents)
    return "\n".join(plans.document_line(plan) for plan in said.documents)


def _by_state(said: Answer) -> str:
    """Plans under what became of them, a line each; a single one in full."""
    if len(said.documents) == 1:
        return _documents(said)
    after = {plan.id: plan for plan in said.successors}
    blocks = []
    for state, run in groupby(said.documents, key=lambda plan: plans.short_state(plan) or "đang có hiệu lực"):
        lines = [f"<b>{state[0].upper()}{state[1:]}</b>"]
        for plan in run:
            by = after.get(plan.replaced_by or "")
            instead = f" → {escape(by.citation)}" if by is not None else ""
            lines.append(f"• {escape(plan.citation)}, {plan.covers_from}–{plan.covers_to}{instead}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _outline(section: str, passages: tuple[Passage, ...]) -> str:
    """What stands in one section of a plan, a line each under its heading."""
    heading = [found.task.summary for found in passages[:1] if found.task is not None and found.section == section]
    below = passages[len(heading) :]
    lines = [f"📄 {plans.source(passages[0].plan, section)} – {len(below)} nội dung:", *map(escape, heading)]
    longest = LONGEST_LINE if len(below) > FEW_LINES else LONGEST_OF_FEW
    for found in below[:MOST_LINES]:
        text = found.task.summary if found.task is not None else ""
        lines.append(f"• {escape(found.section)}: {escape(shorten(text, longest))}")
    if len(below) > MOST_LINES:
        lines.append(f"… và {len(below) - MOST_LINES} nội dung khác")
    return "\n".join(lines)


def _rows(rows: tuple[Row, ...]) -> str:
    form = rows[0].form
    titles = {part.id: (f"Phần {part.number}. {part.title}" if part.number else part.title) for part in form.parts}
    lines = [f"<b>{escape(form.short)}</b>"]
    for part, run in groupby(rows, key=lambda row: row.row.part):
        told = list(run)
        if part in titles:
            lines.append(f"<i>{escape(titles[part])}</i>{_span(told)}")
        lines += [_row(row) for row in told]
    return "\n".join(lines)


def _span(rows: list[Row]) -> str:
    """The numbers of the first and the last row, where rows are all of a part that its title does not number."""
    form, part = rows[0].form, rows[0].row.part
    whole = [row.key for row in form.indicators if row.part == part and row.parent is None]
    title = next((each.title for each in form.parts if each.id == part), "")
    first, last = rows[0].row.no, rows[-1].row.no
    is_whole = len(rows) > 1 and [row.row.key for row in rows] == whole
    return f" – từ mục {escape(first)} đến mục {escape(last)}" if is_whole and first not in title else ""


def _row(found: Row) -> str:
    row = found.row
    parent = found.form.find_indicator(row.parent) if row.parent else None
    lead = f"• Mục {escape(row.no)}"
    above = f" ({escape(parent.name)})" if parent else ""
    unit = f" – đơn vị tính: {escape(row.unit)}" if row.unit else ""
    note = f" ({escape(row.note)})" if row.note else ""
    lines = [f"{lead}{above}: {escape(row.name)}{unit}{note}"]
    lines += [f"   + {escape(sub.name)}" + (f" – {escape(sub.unit)}" if sub.unit else "") for sub in found.subrows]
    return "\n".join(lines)


def _choose(said: Answer) -> str:
    options = "\n".join(f"{number}. {escape(choice.label)}" for number, choice in enumerate(said.choices, 1))
    asks = "Có phải anh/chị hỏi về nội dung này:" if len(said.choices) == 1 else _SEVERAL
    return f"{asks}\n{options}"


def _named(names: tuple[str, ...]) -> str:
    """Names of places and bodies, with capitals; as they were typed where that has some, and of kinds of places."""
    return escape(", ".join(name.title() if name.islower() and name not in PARTS else name for name in names))


def _elsewhere(names: tuple[str, ...]) -> str:
    return f"{_named(names)}: không có trong các kế hoạch tôi có."


def _silent(said: Answer) -> str:
    if said.elsewhere:
        first = f"Chỉ tiêu, nhiệm vụ của {_named(said.elsewhere)} <b>không có trong các kế hoạch</b> tôi có."
    else:
        first = "Nội dung này <b>không có trong các kế hoạch</b> tôi có."
    if said.caveat is Caveat.UNSURE:
        first = _MAY_BE_ABSENT
    if said.caveat is Caveat.UNKNOWN_NUMBER:
        numbers = escape(", ".join(written_references(said.question.text)))
        first = f"Văn bản số {numbers} tôi không biết: số này <b>không có trong các kế hoạch</b> tôi có."
    if said.caveat is Caveat.RESULTS:
        first = f"{_CAVEATS[Caveat.RESULTS]} Số liệu này <b>không có trong các kế hoạch</b> tôi có."
    if not said.choices:
        return first
    near = "\n".join(f"• {escape(choice.label)}" for choice in said.choices)
    return f"{first}\nGần nhất, tôi có thể trả lời về:\n{near}"
