"""An issuer and its plans: which of them speaks, what is told beside it, whose come first, and how many are told."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser, build_adviser
from knowledge.model.answers import Answer, AnswerKind, ChoiceKind
from knowledge.model.plans import Deadline, Plan, PlanState, Task
from knowledge.model.questions import Question
from knowledge.plans import load_plans
from tests.knowledge.made import AGREEMENTS, DIALOGUES, adviser_over, plan_of, target

BEFORE = plan_of(
    "Lâm Sơn",
    (2021, 2025),
    target(AGREEMENTS, 80, "2025"),
    target(DIALOGUES, 70, "2025"),
    number="45/KH-LĐLĐ",
    state=PlanState.ENDED,
    tasks=(Task(section="III.1", summary="Xây dựng tủ sách pháp luật lưu động tại các khu nhà trọ công nhân"),),
)
NOW = plan_of("Lâm Sơn", (2026, 2030), target(AGREEMENTS, 88, "2030"), number="12/KH-LĐLĐ")


def said(answer: Answer) -> str:
    return to_plain(answers.answer(answer))


def told(answer: Answer) -> list[tuple[str, object]]:
    """The plan and the value of every fact told as the answer."""
    return [(fact.plan.id, fact.target.value) for fact in answer.facts]


def beside(answer: Answer) -> list[tuple[str, object]]:
    """The plan and the value of what is told in a line beside it."""
    return [(f.plan.id, f.target.value) for g in answer.groups for each in g.beside for f in each.facts]


@cache
def two_plans() -> Adviser:
    return adviser_over(BEFORE, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "TƯLĐTT Lâm Sơn 2030",
        "TƯLĐTT của Lâm Sơn",
        "chi tieu thoa uoc lam son",
        "LĐLĐ tỉnh Lâm Sơn ký thỏa ước bao nhiêu %",
    ],
)
def test_the_plan_in_force_speaks_first_and_the_one_before_in_a_line(text: str) -> None:
    answer = two_plans().ask(text)
    assert told(answer) == [("lam-son-2026", 88)]
    assert beside(answer) == [("lam-son-2021", 80)]
    lines = said(answer).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("Trước đây (2021–2025)"))
    assert "từ 80% trở lên" in lines[at]
    assert "45/KH-LĐLĐ" in lines[at]
    assert any("từ 88% trở lên" in line for line in lines[:at])


@pytest.mark.parametrize(
    "text",
    [
        "TƯLĐTT Lâm Sơn 2025",
        "Lâm Sơn năm 2024-2025 thỏa ước bao nhiêu",
        "thỏa ước Lâm Sơn giai đoạn 2021-2025",
        "chỉ tiêu thỏa ước cũ của Lâm Sơn",
        "nhiệm kỳ trước Lâm Sơn đặt thỏa ước bao nhiêu %",
        "trước đây Lâm Sơn đặt chỉ tiêu TƯLĐTT bao nhiêu",
    ],
)
def test_a_year_or_a_word_asks_for_the_plan_before(text: str) -> None:
    answer = two_plans().ask(text)
    assert told(answer) == [("lam-son-2021", 80)]
    assert beside(answer) == [("lam-son-2026", 88)]
    assert "Nay (2026–2030): đến 2030: từ 88% trở lên" in said(answer)
    assert "⚠️" in said(answer)


@pytest.mark.parametrize(("number", "plan", "value"), [("45", "lam-son-2021", 80), ("12", "lam-son-2026", 88)])
def test_a_number_means_just_its_plan(number: str, plan: str, value: int) -> None:
    for text in (
        f"{number}/KH-LĐLĐ thỏa ước bao nhiêu",
        f"TƯLĐTT Lâm Sơn kế hoạch {number}/KH-LĐLĐ",
        f"kế hoạch {number} thỏa ước bao nhiêu",
        f"kế hoạch số {number} của Lâm Sơn ký thỏa ước mấy %",
    ):
        answer = two_plans().ask(text)
        assert told(answer) == [(plan, value)], text
        assert not beside(answer), text


def test_a_number_of_several_issuers_means_that_of_the_place_named() -> None:
    others = [
        plan_of(place, (2026, 2030), target(AGREEMENTS, 60, "2030"), number="45/KH-LĐLĐ", aliases=(place.lower(),))
        for place in ("An Hòa", "Bình Lộc", "Cẩm Sơn", "Duy Tân")
    ]
    adviser = adviser_over(BEFORE, NOW, *others)
    for text in ("kế hoạch 45 của Bình Lộc thỏa ước", "45/KH-LĐLĐ Bình Lộc thỏa ước bao nhiêu"):
        assert told(adviser.ask(text)) == [("bình-lộc-2026", 60)], text
    every = adviser.ask("45/KH-LĐLĐ thỏa ước bao nhiêu", None, ["cẩm-sơn-2026"])
    assert told(every)[0] == ("cẩm-sơn-2026", 60)
    assert len(every.facts) == 5


def test_a_number_of_many_issuers_is_paged() -> None:
    plans = [
        plan_of(f"Vùng {n}", (2026, 2030), target(AGREEMENTS, 60 + n, "2030"), number="45/KH-LĐLĐ", aliases=(f"v{n}",))
        for n in range(20)
    ]
    adviser = adviser_over(*plans, shipped=False)
    pages = pages_of(adviser, adviser.ask("45/KH-LĐLĐ thỏa ước bao nhiêu"))
    every = [plan for page in pages for plan, _ in told(page)]
    assert len(every) == len(set(every)) == 20


def test_where_nothing_in_force_speaks_the_plan_before_does_and_it_is_said() -> None:
    answer = two_plans().ask("Lâm Sơn đối thoại bao nhiêu %")
    assert told(answer) == [("lam-son-2021", 70)]
    text = said(answer)
    assert text.index("12/KH-LĐLĐ (LĐLĐ tỉnh Lâm Sơn) không đặt chỉ tiêu") < text.index("từ 70% trở lên")
    assert "đã hết giai đoạn thực hiện (2021–2025)" in text


def test_two_years_are_told_by_the_plans_that_hold_them() -> None:
    assert told(two_plans().ask("TƯLĐTT Lâm Sơn 2025 và 2030")) == [("lam-son-2021", 80), ("lam-son-2026", 88)]


def test_a_fragment_asks_another_plan_of_the_same_issuer() -> None:
    first = two_plans().ask("TƯLĐTT Lâm Sơn 2025")
    assert told(two_plans().ask("còn 2030?", first.question)) == [("lam-son-2026", 88)]
    assert told(two_plans().ask("còn Quảng Trị?", first.question)) == [("quangtri-nq02-2021", 80)]


def test_all_targets_of_a_place_are_those_of_the_plan_in_force() -> None:
    assert {plan for plan, _ in told(two_plans().ask("các chỉ tiêu của Lâm Sơn"))} == {"lam-son-2026"}
    assert {plan for plan, _ in told(two_plans().ask("các chỉ tiêu của Lâm Sơn năm 2025"))} == {"lam-son-2021"}


def test_a_task_that_only_the_plan_before_has_is_found() -> None:
    for text in (
        "Lâm Sơn xây dựng tủ sách pháp luật lưu động thế nào",
        "ai xây dựng tủ sách pháp luật lưu động ở Lâm Sơn",
    ):
        found = two_plans().ask(text)
        assert found.kind is AnswerKind.PASSAGES, text
        assert [passage.plan.id for passage in found.passages] == ["lam-son-2021"]


def test_a_task_that_both_have_is_told_by_the_plan_in_force() -> None:
    both = adviser_over(BEFORE, msgspec.structs.replace(NOW, tasks=BEFORE.tasks))
    for text in (
        "Lâm Sơn xây dựng tủ sách pháp luật lưu động thế nào",
        "ai xây dựng tủ sách pháp luật lưu động ở Lâm Sơn",
    ):
        assert {passage.plan.id for passage in both.ask(text).passages} == {"lam-son-2026"}, text


def test_what_is_offered_is_answered_by_what_it_names() -> None:
    for text in ("TƯLĐTT Lâm Sơn 2025", "TƯLĐTT 45/KH-LĐLĐ", "các chỉ tiêu của 45/KH-LĐLĐ"):
        for choice in two_plans().ask(text).choices:
            assert two_plans().ask(choice.question).status == "answered", choice


# --- Without numbers, replaced ----------------------------------------------------------------------------------------


@cache
def unnumbered() -> Adviser:
    before = msgspec.structs.replace(BEFORE, number=None, state=PlanState.REPLACED, replaced_by="lam-son-2026")
    return adviser_over(before, msgspec.structs.replace(NOW, number=None))


def test_plans_without_a_number_are_told_apart_by_their_years() -> None:
    answer = unnumbered().ask("TƯLĐTT Lâm Sơn")
    assert told(answer) == [("lam-son-2026", 88)]
    assert "📄 LĐLĐ tỉnh Lâm Sơn 2026–2030, mục II.1" in said(answer)
    alone = unnumbered().ask("TƯLĐTT LĐLĐ tỉnh Lâm Sơn 2021–2025")
    assert told(alone) == [("lam-son-2021", 80)]


def test_a_replaced_plan_says_by_which_and_leads_there() -> None:
    answer = unnumbered().ask("TƯLĐTT Lâm Sơn 2025")
    assert told(answer) == [("lam-son-2021", 80)]
    assert "đã được thay thế bằng LĐLĐ tỉnh Lâm Sơn 2026–2030" in said(answer)
    (first, *_) = answer.choices
    assert told(unnumbered().ask(first.question)) == [("lam-son-2026", 88)]


def test_a_plan_replaced_by_that_of_another_issuer_speaks_through_it() -> None:
    before = plan_of("Bình Lộc", (2021, 2025), target(AGREEMENTS, 75, "2025"), number="9/KH-BL")
    before = msgspec.structs.replace(before, state=PlanState.REPLACED, replaced_by="lam-son-2026")
    adviser = adviser_over(before, NOW)
    answer = adviser.ask("TƯLĐTT Bình Lộc")
    assert told(answer) == [("lam-son-2026", 88)]
    assert beside(answer) == [("bình-lộc-2021", 75)]
    assert told(adviser.ask("TƯLĐTT 2030", None, ["bình-lộc-2021"]))[0] == ("lam-son-2026", 88)


def test_plans_that_replace_each_other_in_a_circle_are_no_endless_road() -> None:
    one = msgspec.structs.replace(BEFORE, state=PlanState.REPLACED, replaced_by="lam-son-2026")
    two = msgspec.structs.replace(NOW, state=PlanState.REPLACED, replaced_by="lam-son-2021")
    assert adviser_over(one, two).ask("TƯLĐTT Lâm Sơn", None, ["lam-son-2021"]).facts


# --- Names ------------------------------------------------------------------------------------------------------------


def test_one_place_in_two_names_is_one_issuer() -> None:
    before = plan_of(
        "Thanh Giang",
        (2021, 2025),
        target(AGREEMENTS, 80, "2025"),
        number="1/KH-LĐLĐ",
        state=PlanState.ENDED,
        issuer="Ban Thường vụ LĐLĐ TP. Thanh Giang",
        aliases=("thanh giang", "tp thanh giang"),
    )
    now = plan_of(
        "Thanh Giang",
        (2026, 2030),
        target(AGREEMENTS, 88, "2030"),
        number="2/KH-LĐLĐ",
        issuer="Liên đoàn Lao động thành phố Thanh Giang",
        aliases=("thành phố thanh giang", "long bàu"),
    )
    adviser = adviser_over(before, now)
    for name in ("Thanh Giang", "TP Thanh Giang", "Long Bàu"):
        assert told(adviser.ask(f"TƯLĐTT {name} 2030")) == [("thanh-giang-2026", 88)], name
        assert told(adviser.ask(f"TƯLĐTT {name} 2025")) == [("thanh-giang-2021", 80)], name


def test_an_issuer_is_known_by_its_name_though_no_alias_says_it() -> None:
    adviser = adviser_over(msgspec.structs.replace(NOW, aliases=("lâm sơn",)))
    for name in ("LĐLĐ Lâm Sơn", "LĐLĐ tỉnh Lâm Sơn", "liên đoàn lao động tỉnh Lâm Sơn", "tỉnh Lâm Sơn"):
        assert told(adviser.ask(f"TƯLĐTT {name} 2030")) == [("lam-son-2026", 88)], name


def union_of(sector: str, value: int) -> Plan:
    name = f"Công đoàn {sector} Việt Nam"
    plan = plan_of(sector, (2026, 2030), target(AGREEMENTS, value, "2030"), issuer=name, short=name, aliases=(name,))
    return msgspec.structs.replace(plan, place=f"{sector} Việt Nam")


def test_a_sector_s_union_is_known_by_its_initials() -> None:
    adviser = adviser_over(union_of("Hàng hải", 81), union_of("Cao su", 77))
    for name in ("CĐHH", "cdhh vn", "CĐHHVN"):
        assert told(adviser.ask(f"TƯLĐTT {name} 2030")) == [("hàng-hải-2026", 81)], name
    assert told(adviser.ask("TƯLĐTT CĐCSVN 2030")) == [("cao-su-2026", 77)]


def test_initials_that_two_bear_or_that_mean_something_else_name_nobody() -> None:
    shared = adviser_over(union_of("Hàng hải", 81), union_of("Hàng hóa", 66))
    assert not shared.ask("TƯLĐTT CĐHH 2030").question.plans
    grassroots = adviser_over(union_of("Cao su", 77), NOW)
    assert not grassroots.ask("TƯLĐTT CĐCS 2030").question.plans


def test_two_bodies_of_one_place_are_two_issuers_and_the_place_means_both() -> None:
    party = plan_of(
        "Lâm Sơn",
        (2021, 2045),
        target(AGREEMENTS, 77, "2030"),
        issuer="Ban Thường vụ Tỉnh ủy Lâm Sơn",
        short="Tỉnh ủy Lâm Sơn",
        aliases=("lâm sơn", "tỉnh ủy lâm sơn"),
        state=PlanState.ISSUER_REORGANISED,
    )
    adviser = adviser_over(party, NOW)
    assert told(adviser.ask("TƯLĐTT Tỉnh ủy Lâm Sơn 2030")) == [("lam-son-2021", 77)]
    assert told(adviser.ask("TƯLĐTT LĐLĐ Lâm Sơn 2030")) == [("lam-son-2026", 88)]
    both = adviser.ask("TƯLĐTT Lâm Sơn 2030")
    assert told(both) == [("lam-son-2026", 88)]
    assert beside(both) == [("lam-son-2021", 77)]


def test_two_plans_in_force_of_one_issuer_speak_each_on_its_own_matter() -> None:
    of_year = plan_of("Lâm Sơn", (2026, 2026), target(DIALOGUES, 91), number="30/KH-LĐLĐ", short="LĐLĐ tỉnh Lâm Sơn")
    of_year = msgspec.structs.replace(of_year, id="lam-son-year")
    adviser = adviser_over(NOW, of_year)
    assert told(adviser.ask("Lâm Sơn đối thoại bao nhiêu")) == [("lam-son-year", 91)]
    assert told(adviser.ask("Lâm Sơn TƯLĐTT bao nhiêu")) == [("lam-son-2026", 88)]
    assert {plan for plan, _ in told(adviser.ask("các chỉ tiêu của Lâm Sơn"))} == {"lam-son-2026", "lam-son-year"}


# --- Levels -----------------------------------------------------------------------------------------------------------

NATION = plan_of(
    "Việt Nam",
    (2026, 2030),
    target(AGREEMENTS, 90, "2030"),
    target(DIALOGUES, 75),
    target("members_for_party", 50),
    number="02/CTr-TLĐ",
    issuer="Tổng Liên đoàn Lao động Việt Nam",
    short="Tổng LĐLĐ Việt Nam",
    aliases=("tổng liên đoàn", "tlđ"),
)
UNIT = plan_of(
    "Phú An",
    (2026, 2026),
    target(AGREEMENTS, 95),
    number="03/KH-CĐ",
    issuer="Công đoàn xã Phú An",
    short="Công đoàn xã Phú An",
    aliases=("phú an", "công đoàn xã phú an"),
)
OWN = (UNIT.id, BEFORE.id, NATION.id)


@cache
def three_levels() -> Adviser:
    return adviser_over(NATION, BEFORE, NOW, UNIT)


def test_the_nearest_level_speaks_first_then_those_above() -> None:
    answer = three_levels().ask("chỉ tiêu TƯLĐTT", None, OWN)
    assert [plan for plan, _ in told(answer)][:3] == [UNIT.id, NOW.id, NATION.id]
    assert beside(answer) == [(BEFORE.id, 80)]


def test_where_ones_own_level_is_silent_the_next_above_speaks_and_it_is_said() -> None:
    for text, first in (("chỉ tiêu đối thoại", 75), ("chỉ tiêu giới thiệu đoàn viên ưu tú cho Đảng", 50)):
        answer = three_levels().ask(text, None, OWN)
        assert [absence.plan.id for absence in answer.absences if absence.own] == [UNIT.id]
        assert told(answer)[0] == (NATION.id, first)
        assert said(answer).startswith("03/KH-CĐ (Công đoàn xã Phú An) không đặt chỉ tiêu")


def test_an_own_plan_that_is_not_known_leaves_the_levels_above() -> None:
    answer = three_levels().ask("chỉ tiêu TƯLĐTT", None, ["gone", NATION.id])
    assert told(answer)[0] == (NATION.id, 90)


# --- Many plans -------------------------------------------------------------------------------------------------------


@cache
def many() -> Adviser:
    plans = [
        plan_of(
            f"Vùng {number}",
            (2026, 2030),
            target(AGREEMENTS, 60 + number % 30, "2030"),
            number=f"{100 + number}/KH-LĐLĐ",
            aliases=(f"vùng {number} xa",),
            state=PlanState.ENDED if number < 10 else PlanState.IN_FORCE,
        )
        for number in range(60)
    ]
    return adviser_over(*plans, shipped=False)


def pages_of(adviser: Adviser, first: Answer, own: tuple[str, ...] = ()) -> list[Answer]:
    pages = [first]
    while pages[-1].more:
        page = adviser.ask_further(first.question, first.kind, pages[-1].further, own)
        assert page is not None
        pages.append(page)
    return pages


@pytest.mark.parametrize("text", ["chỉ tiêu TƯLĐTT", "chỉ tiêu TƯLĐTT 2030?", "các chỉ tiêu năm 2030"])
def test_a_bare_question_tells_three_plans_and_counts_the_others(text: str) -> None:
    answer = many().ask(text)
    shown = {plan for plan, _ in told(answer)}
    assert len(shown) == 3
    assert answer.more == 57
    assert said(answer).endswith("… và 57 kế hoạch khác.")
    pages = [{plan for plan, _ in told(page)} for page in pages_of(many(), answer)]
    assert sum(map(len, pages)) == len(set.union(*pages)) == 60
    assert all(plan in pages[-1] | pages[-2] for plan in (f"vùng-{number}-2026" for number in range(10)))


def test_ones_own_plan_stands_before_the_three_and_is_not_counted_again() -> None:
    own = ("vùng-42-2026",)
    answer = many().ask("chỉ tiêu TƯLĐTT", None, own)
    assert told(answer)[0][0] == "vùng-42-2026"
    assert len(answer.facts) == 4
    every = [plan for page in pages_of(many(), answer, own) for plan, _ in told(page)]
    assert len(every) == len(set(every)) == 60


def test_documents_are_paged_too() -> None:
    answer = many().ask("các kế hoạch do ai ban hành")
    assert answer.kind is AnswerKind.DOCUMENTS
    pages = pages_of(many(), answer)
    assert sum(len(page.documents) for page in pages) == 60
    assert len(answer.documents) <= 11


def test_nothing_is_left_behind_the_last_page() -> None:
    first = many().ask("chỉ tiêu TƯLĐTT")
    assert many().ask_further(first.question, first.kind, 200) is None
    assert many().ask_further(first.question, AnswerKind.GREETING, 3) is None


def test_a_single_plan_more_is_told_not_counted() -> None:
    places = ("An Hòa", "Bình Lộc", "Cẩm Sơn", "Duy Tân")
    plans = [plan_of(place, (2026, 2030), target(AGREEMENTS, 80, "2030")) for place in places]
    answer = adviser_over(*plans, shipped=False).ask("chỉ tiêu TƯLĐTT 2030")
    assert len(answer.facts) == 4
    assert not answer.more


# --- What is remembered of plans that are gone ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["còn 2030?", "thế Quảng Trị thì sao", "ai phụ trách", "đối thoại thì sao", "vậy à"])
def test_plans_and_subjects_that_are_gone_are_forgotten(text: str) -> None:
    with_them, without = two_plans(), adviser_over()
    for asked in (
        "TƯLĐTT Lâm Sơn 2025",
        "45/KH-LĐLĐ thỏa ước",
        "các chỉ tiêu của Lâm Sơn",
        "Lâm Sơn, Quảng Trị TƯLĐTT",
    ):
        kept = msgspec.json.decode(msgspec.json.encode(with_them.ask(asked).question), type=Question)
        odd = msgspec.structs.replace(kept, subjects=(*kept.subjects, "gone_subject"), plans=(*kept.plans, "gone"))
        for previous in (kept, odd):
            answer = without.ask(text, previous)
            assert said(answer).strip()
            without.ask_further(previous, answer.kind, 3)


def test_a_new_plan_of_the_issuer_is_asked_though_only_the_one_before_was_known() -> None:
    first = adviser_over(msgspec.structs.replace(BEFORE, state=PlanState.IN_FORCE)).ask("TƯLĐTT Lâm Sơn 2025")
    assert told(two_plans().ask("còn 2030?", first.question)) == [("lam-son-2026", 88)]


# --- What became of plans ---------------------------------------------------------------------------------------------


def states(answer: Answer) -> dict[str, list[str]]:
    """The lines under each heading of the list of plans by what became of them."""
    blocks = [block.splitlines() for block in said(answer).split("\n\n")]
    return {head: lines for head, *lines in blocks}


@pytest.mark.parametrize(
    "text", ["kế hoạch nào còn hiệu lực?", "ke hoach nao dang ap dung", "kế hoạch nào đã hết hiệu lực"]
)
def test_which_plans_are_in_force_is_a_list_by_state(text: str) -> None:
    listed = states(two_plans().ask(text))
    assert "• 12/KH-LĐLĐ (LĐLĐ tỉnh Lâm Sơn), 2026–2030" in listed["Đang có hiệu lực"]
    assert listed["Hết giai đoạn"] == ["• 45/KH-LĐLĐ (LĐLĐ tỉnh Lâm Sơn), 2021–2025"]
    assert next(iter(listed)) == ("Hết giai đoạn" if "hết" in text else "Đang có hiệu lực")


@pytest.mark.parametrize(
    "text",
    [
        "kế hoạch nào thay thế kế hoạch cũ của Lâm Sơn",
        "kế hoạch Lâm Sơn còn hiệu lực không",
        "LĐLĐ tỉnh Lâm Sơn 2021–2025 được thay bằng kế hoạch nào",
    ],
)
def test_what_replaced_a_plan_is_told_beside_it(text: str) -> None:
    listed = states(unnumbered().ask(text))
    assert listed["Đã được thay thế"] == ["• LĐLĐ tỉnh Lâm Sơn 2021–2025, 2021–2025 → LĐLĐ tỉnh Lâm Sơn 2026–2030"]
    assert "Đang có hiệu lực" in listed


@pytest.mark.parametrize(
    "text", ["kế hoạch nào bị thay thế", "kế hoạch nào hết hiệu lực rồi", "ke hoach nao bi thay the"]
)
def test_the_replaced_stand_first_where_they_are_asked_for(text: str) -> None:
    assert next(iter(states(unnumbered().ask(text)))) == "Đã được thay thế"


@pytest.mark.parametrize("text", ["Lâm Sơn có mấy kế hoạch", "lam son co nhung ke hoach nao"])
def test_the_plans_of_an_issuer_are_told_all(text: str) -> None:
    assert len([line for lines in states(unnumbered().ask(text)).values() for line in lines]) == 2


def test_what_is_due_at_a_body_is_told_of_its_plans_and_what_others_send_it_of_theirs() -> None:
    report = Deadline(
        id="year",
        what="gửi báo cáo năm",
        when="trước ngày 05/12 hằng năm",
        who="LĐLĐ tỉnh, thành phố",
        to="Tổng Liên đoàn",
        section="IV.2",
        recurrence="yearly",
    )
    above = plan_of(
        "cả nước",
        (2026, 2030),
        target(AGREEMENTS, 85, "2030"),
        issuer="Tổng Liên đoàn Lao động Việt Nam",
        short="Tổng Liên đoàn",
        aliases=("tlđ", "tổng liên đoàn"),
    )
    adviser = adviser_over(NOW, msgspec.structs.replace(above, deadlines=(report,)))
    assert "05/12" in said(adviser.ask("hạn của TLĐ"))
    assert "02/2021" in said(adviser.ask("báo cáo sơ kết gửi Tổng Liên đoàn lúc nào"))


def test_years_on_offer_are_of_the_plans_named() -> None:
    first = plan_of("Lâm Sơn", (2026, 2030), target(AGREEMENTS, 71, "2028"), number="11/KH-LĐLĐ")
    second = plan_of("Thanh Giang", (2026, 2030), target(AGREEMENTS, 72, "2028"), target(AGREEMENTS, 75, "2029"))
    adviser = adviser_over(first, second)
    answer = adviser.ask("so sánh thỏa ước 2028 của Lâm Sơn và Thanh Giang")
    [offered] = [choice for choice in answer.choices if choice.kind is ChoiceKind.YEAR]
    assert offered.label == "2029"
    assert {fact.plan.id for fact in adviser.ask(offered.question).facts} == {"thanh-giang-2026"}


def test_the_plan_of_a_body_that_had_none_is_meant_by_its_name() -> None:
    above = plan_of(
        "cả nước", (2026, 2030), issuer="Tổng Liên đoàn Lao động Việt Nam", short="Tổng Liên đoàn", aliases=("tlđ",)
    )
    for text in ("kế hoạch của Tổng Liên đoàn", "ke hoach cua tld"):
        assert adviser_over(NOW, above).understanding.read(text).plans == (above.id,)


def test_whether_one_plan_is_in_force_is_told_with_what_it_is() -> None:
    alone = adviser_over(BEFORE)
    assert "⚠️ 45/KH-LĐLĐ" in said(alone.ask("45/KH-LĐLĐ còn hiệu lực không"))
    assert "Kế hoạch số 45/KH-LĐLĐ" in said(alone.ask("kế hoạch Lâm Sơn còn hiệu lực không"))


def test_many_plans_are_listed_on_pages() -> None:
    answer = many().ask("kế hoạch nào còn hiệu lực")
    pages = pages_of(many(), answer)
    assert sum(len(page.documents) for page in pages) == 60
    assert {plan.state for plan in pages[0].documents} == {PlanState.IN_FORCE}
    assert {plan.state for plan in pages[-1].documents} == {PlanState.ENDED}


def test_rows_of_a_form_are_told_though_the_plan_that_brought_it_is_gone() -> None:
    adviser = adviser_over(NOW, shipped=False)
    for text in ("cột đơn vị tính của mái ấm công đoàn ghi gì", "chỉ tiêu thứ 53 là gì", "mục 45 là gì"):
        assert said(adviser.ask(text)).strip()


@pytest.mark.parametrize(
    "text",
    [
        "Lâm Sơn 2021 và Lâm Sơn 2026 thỏa ước",
        "thỏa ước Lâm Sơn 2021–2025 và 2026–2030",
        "thỏa ước Lâm Sơn thay đổi thế nào",
        "trước đây Lâm Sơn đặt thỏa ước bao nhiêu, nay bao nhiêu",
        "thỏa ước Lâm Sơn nhiệm kỳ trước và nhiệm kỳ này",
    ],
)
def test_both_terms_are_told_side_by_side_where_both_are_asked_for(text: str) -> None:
    answer = two_plans().ask(text)
    assert told(answer) == [("lam-son-2021", 80), ("lam-son-2026", 88)]
    assert not answer.absences


def test_what_only_one_term_sets_is_told_of_it_and_denied_of_no_other() -> None:
    answer = two_plans().ask("đối thoại Lâm Sơn thay đổi thế nào")
    assert told(answer) == [("lam-son-2021", 70)]
    assert [absence.plan.id for absence in answer.absences] in ([], ["lam-son-2026"])


def test_one_year_that_begins_a_term_stays_a_year() -> None:
    assert two_plans().understanding.read("thỏa ước Lâm Sơn 2026").years == (2026,)


def test_a_place_whose_plan_was_withdrawn_is_still_a_place() -> None:
    plans = (*load_plans(), NOW)
    answer = build_adviser(plans, ("phú hải",)).ask("thỏa ước của Phú Hải")
    assert answer.kind is AnswerKind.SILENT
    assert "của Phú Hải không có trong các kế hoạch" in said(answer)
    assert not answer.facts


def test_an_issuer_that_no_plan_names_so_is_known_by_its_place() -> None:
    before = plan_of(
        "Lào Cai", (2021, 2025), target(AGREEMENTS, 75, "2025"), state=PlanState.ENDED, aliases=("lđlđ lào cai 2021",)
    )
    answer = adviser_over(msgspec.structs.replace(before, place="Lào Cai")).ask("thỏa ước Lào Cai")
    assert told(answer) == [("lào-cai-2021", 75)]
    assert "Hiện không có kế hoạch nào của" in said(answer)
    assert "Hiện không có kế hoạch nào của" not in said(two_plans().ask("thỏa ước Lâm Sơn trước đây"))


@pytest.mark.parametrize(
    "text", ["thỏa ước của 99/KH-LĐLĐ", "99/KH-LĐLĐ đặt thỏa ước bao nhiêu", "kế hoạch 99/KH-LĐLĐ"]
)
def test_a_number_that_no_plan_has_is_said_to_be_unknown(text: str) -> None:
    answer = two_plans().ask(text)
    assert not answer.facts
    assert "số 99/KH-LĐLĐ tôi không biết" in said(answer)
    assert "không có trong các kế hoạch" in said(answer)
