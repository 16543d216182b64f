"""The reader as a whole, against recorded readings: what is asked, what is remembered, what a fault comes to."""

import asyncio
from datetime import date

import pytest

from bot.reader import Frame, SecondReader
from bot.reader.bounds import FAILURES, is_doubted
from bot.reader.masking import Masker
from bot.reader.reader import LONGEST
from knowledge.answer import load_adviser
from knowledge.meanings import Meaning
from knowledge.model.answers import AnswerKind, Caveat
from tests.bot.reader.stand_in import StandIn, frame, recorded, response

TODAY = date(2026, 10, 28)
WOMEN = "ban lo cho chị em phụ nữ phải có ở mấy phần trăm chỗ"


async def test_every_recorded_reading_is_a_frame_of_what_was_offered(
    stand_in: StandIn, reader: SecondReader, masker: Masker
) -> None:
    for shown in recorded():
        read = await reader.read(shown, masker)
        assert read is not None, shown
        assert set(read.facts) <= {each.id for each in load_adviser().learned.candidates}
    assert stand_in.shown == list(recorded())
    assert reader.bounds.failed == 0


async def test_a_message_is_masked_and_asked_once(stand_in: StandIn, reader: SecondReader, masker: Masker) -> None:
    said = "chỉ tiêu của chị Nguyễn Thị Hoa bên May Hòa Thọ tới đâu rồi hè"
    assert await reader.read(said, masker) == Frame(Meaning.SHARE)
    assert await reader.read(said.upper(), masker) == Frame(Meaning.SHARE)
    assert stand_in.shown == ["chỉ tiêu của chị [người] bên [đơn vị] tới đâu rồi hè"]
    assert "Hoa" not in str(stand_in.bodies)


@pytest.mark.parametrize("said", ["abcd", "một " * LONGEST])
async def test_a_single_word_and_a_long_message_stay(
    stand_in: StandIn, reader: SecondReader, masker: Masker, said: str
) -> None:
    assert not reader.takes(said)
    assert await reader.read(said, masker) is None
    assert stand_in.bodies == []


async def test_after_failures_nothing_is_sent_but_what_is_known_is_known(
    stand_in: StandIn, reader: SecondReader, masker: Masker
) -> None:
    known = await reader.read(WOMEN, masker)
    stand_in.behaviour = lambda _body: response(b"", "500 Internal Server Error")
    for number in range(FAILURES):
        assert await reader.read(f"câu hỏi số {number}", masker) is None
    assert not reader.takes("một câu khác")
    assert await reader.read("một câu khác", masker) is None
    assert len(stand_in.bodies) == FAILURES + 1
    assert reader.takes(WOMEN)
    assert await reader.read(WOMEN, masker) == known


async def test_made_up_ids_are_a_failure_and_not_remembered(
    stand_in: StandIn, reader: SecondReader, masker: Masker
) -> None:
    stand_in.behaviour = lambda _body: frame("plan_question", "no-plan/target/riches")
    assert await reader.read(WOMEN, masker) is None
    assert reader.bounds.failed == 1
    stand_in.behaviour = lambda _body: frame("plan_question", "vuit-nq02-2021/target/womens_board")
    assert await reader.read(WOMEN, masker) is not None


async def test_who_gives_up_waiting_counts_as_a_failure(
    stand_in: StandIn, reader: SecondReader, masker: Masker
) -> None:
    stand_in.behaviour = lambda _body: None
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await reader.read(WOMEN, masker)
    assert reader.bounds.failed == 1
    assert reader.bounds.is_free()


# Which messages are asked about ---------------------------------------------------------------------------------------


def test_most_of_the_recorded_messages_are_doubted() -> None:
    """They were doubted when they were recorded; some the own reading has learned to be sure of since."""
    plain = [shown for shown in recorded() if "[" not in shown]
    assert sum(is_doubted(said, load_adviser(), TODAY) for said in plain) >= 2 / 3 * len(plain)


@pytest.mark.parametrize(
    "said",
    [
        "chỉ tiêu TƯLĐTT 2025?",
        "Bảo Lộc mỗi năm kết nạp bao nhiêu đoàn viên",
        "chỉ tiêu thỏa ước của Hà Nội",
        "nộp báo cáo",
        "chào bot",
        "hủy",
        "lương tối thiểu vùng 1 năm nay bao nhiêu",
        "báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3",
        "1320 lao động, 1250 đoàn viên, chắc vậy",
        "mới vô 12 đứa, nghỉ 3 đứa",
    ],
)
def test_what_is_understood_and_what_is_a_report_stays(said: str) -> None:
    assert not is_doubted(said, load_adviser(), TODAY)


# What becomes of a frame ----------------------------------------------------------------------------------------------


def test_picked_facts_are_answered_by_the_catalogue() -> None:
    adviser = load_adviser()
    own = adviser.ask(WOMEN)
    answer = adviser.pick(own.question, ["vuit-nq02-2021/target/womens_board"])
    assert answer is not None
    assert (answer.kind, answer.caveat) == (AnswerKind.TARGETS, None)
    assert {fact.target.indicator for fact in answer.facts} == {"womens_board"}


def test_a_target_picked_of_one_plan_is_that_plans_and_of_all_is_everybodys() -> None:
    adviser = load_adviser()
    question = adviser.understanding.read("giấy giao kèo chung của thợ")
    subject = "collective_agreement"
    setting = [plan for plan in adviser.plans.values() if any(t.indicator == subject for t in plan.targets)]
    one = adviser.pick(question, [f"hcm-nq02-2022/target/{subject}"])
    everybody = adviser.pick(question, [f"{plan.id}/target/{subject}" for plan in setting])
    assert one is not None
    assert everybody is not None
    assert {fact.plan.id for fact in one.facts} == {"hcm-nq02-2022"}
    assert {fact.plan.id for fact in everybody.facts} == {plan.id for plan in setting}


def test_an_own_plan_that_sets_none_says_so() -> None:
    adviser = load_adviser()
    question = adviser.understanding.read("giấy giao kèo chung của thợ")
    answer = adviser.pick(question, ["baoloc-nq02-2021/target/collective_agreement"], ("baoloc-nq02-2021",))
    assert answer is None
    ids = [f"{plan}/target/collective_agreement" for plan in ("hcm-nq02-2022", "vuit-nq02-2021", "quangtri-nq02-2021")]
    answer = adviser.pick(question, ids, ("baoloc-nq02-2021",))
    assert answer is not None
    assert [absence.plan.id for absence in answer.absences if absence.own] == ["baoloc-nq02-2021"]


def test_results_that_were_asked_for_are_not_told_as_targets() -> None:
    adviser = load_adviser()
    question = adviser.understanding.read("năm ngoái thực tế đã ký được bao nhiêu bản giao kèo chung")
    answer = adviser.pick(question, ["hcm-nq02-2022/target/collective_agreement"])
    assert answer is not None
    assert answer.caveat is Caveat.RESULTS


def test_every_candidate_of_the_catalogue_can_be_picked() -> None:
    adviser = load_adviser()
    question = adviser.understanding.read("cái đó ra sao")
    for candidate in adviser.learned.candidates:
        answer = adviser.pick(question, [candidate.id])
        assert answer is not None, candidate.id
        assert answer.kind is not AnswerKind.SILENT, candidate.id


def test_where_the_reader_finds_nothing_either_nothing_is_denied() -> None:
    adviser = load_adviser()
    answer = adviser.doubt(adviser.understanding.read(WOMEN))
    assert (answer.kind, answer.caveat) == (AnswerKind.SILENT, Caveat.UNSURE)
