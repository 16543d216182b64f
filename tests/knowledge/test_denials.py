"""A target is denied where its subject was named and an amount of it asked for, and nowhere else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge.answer import load_adviser
from knowledge.denials import asks_amount, is_asked_for, is_denial, without_rash_verdict
from knowledge.model.answers import Absence, Answer, AnswerKind, Caveat, Why
from knowledge.model.questions import Question
from knowledge.passages import holds_figure
from knowledge.plans import load_plans


@pytest.mark.parametrize(
    "asked",
    [
        "Quảng Trị giao tỷ lệ ban nữ công bao nhiêu",
        "Thành ủy Bảo Lộc đặt ra mấy phần trăm thỏa ước lao động tập thể",
        "tphcm moi nam gioi thieu bao nhieu doan vien uu tu cho dang",
        "quang tri doi thoai may %",
        "quang tri ban nu cong bn %",
        "Bảo Lộc thỏa ước",
        "chỉ tiêu hội nghị người lao động TP.HCM",
        "Quảng Trị đặt 90% thu tài chính công đoàn đúng không",
        "Công Thương đặt tỷ lệ doanh nghiệp có công đoàn là mấy",
    ],
)
def test_an_amount_that_no_plan_sets_is_denied(asked: str) -> None:
    assert is_denial(load_adviser().ask(asked)), asked


@pytest.mark.parametrize(
    "asked",
    [
        "muốn đưa thợ vào Đảng ở Quảng Trị thì trước tiên phải lo việc gì",
        "muon dua tho vao dang o quang tri thi phai lam viec gi truoc",
        "Bảo Lộc muốn ký thỏa ước cho tốt thì công đoàn phải làm gì",
        "Ở TP.HCM ai lo chuyện đối thoại với công nhân",
        "ai phụ trách ban nữ công ở Bảo Lộc",
        "Quảng Trị có cho công nhân giỏi vào Đảng không",
        "Thành phố Hồ Chí Minh bao giờ đối thoại với đoàn viên",
        "Bảo Lộc nói gì về nữ công",
        "hcm dặn công đoàn làm gì để lo tiền đoàn phí",
        "o quang tri cong doan phai lam gi de bao ve anh em truoc toa",
        "Quảng Trị công khai tài chính thì báo cáo cho ai",
        "sài gòn phúc lợi đoàn viên có những gì",
        "Bảo Lộc cán bộ chuyên trách do ai bổ nhiệm",
    ],
)
def test_no_target_is_denied_that_was_not_asked_for(asked: str) -> None:
    found = load_adviser().ask(asked)
    assert not is_denial(found), asked


@pytest.mark.parametrize(
    "asked",
    [
        "ở Bảo Lộc thì công đoàn phải giúp công nhân cãi nhau với chủ ra sao",
        "o tphcm thi cong doan phai giup tho bi duoi viec lam sao",
    ],
)
def test_small_words_are_no_slips_of_a_subject(asked: str) -> None:
    assert "dues_collection" not in load_adviser().ask(asked).question.subjects


def test_a_slip_in_a_word_of_its_own_is_still_met() -> None:
    assert load_adviser().ask("thu công đoan phí của công thương").question.subjects == ("dues_collection",)


def test_a_question_of_its_own_behind_another_is_not_denied_that_subject() -> None:
    adviser = load_adviser()
    before = adviser.ask("thỏa ước lao động tập thể ở TP.HCM đến 2025")
    found = adviser.ask("Bảo Lộc thì ban nào theo dõi, đôn đốc cái chương trình này", before.question)
    assert not is_denial(found)
    assert found.status == "answered"


def test_a_fragment_is_denied_what_it_leans_on() -> None:
    adviser = load_adviser()
    before = adviser.ask("thỏa ước lao động tập thể ở TP.HCM đến 2025")
    assert is_denial(adviser.ask("còn Bảo Lộc?", before.question))


def test_a_fraction_is_a_figure() -> None:
    found = load_adviser().ask("TP.HCM: chủ tịch công đoàn cấp trên giữ chức tối thiểu mấy phần nhiệm kỳ")
    assert found.kind is AnswerKind.PASSAGES
    assert holds_figure(found.passages[0])
    assert found.caveat is not Caveat.NO_FIGURE


@pytest.mark.parametrize(
    ("kinds", "cues", "asked"),
    [
        ({"target": 0.9}, set[str](), True),
        ({"target": 0.3, "result": 0.3}, set[str](), True),
        ({"task": 0.9}, set[str](), False),
        ({"task": 0.9}, {"asked_figure"}, False),
        ({"task": 0.55, "target": 0.1}, {"asked_figure"}, True),
        ({"task": 0.9}, {"figure", "planned"}, True),
        ({"verdict": 0.9}, set[str](), False),
        ({"verdict": 0.9}, {"figure"}, True),
        ({"verdict": 0.9}, {"annual"}, True),
        ({"document": 0.4, "task": 0.4}, set[str](), False),
        ({"document": 0.2, "task": 0.2, "target": 0.4}, set[str](), True),
        ({"target": 0.55, "task": 0.45}, set[str](), False),
        ({"target": 0.55, "task": 0.45}, {"figure"}, True),
    ],
)
def test_what_asks_for_an_amount(kinds: dict[str, float], cues: set[str], asked: bool) -> None:
    assert asks_amount(Question(cues=frozenset(cues)), kinds) is asked


def test_a_size_that_is_to_be_judged_is_denied() -> None:
    plan = load_plans()[0]
    question = Question(scopes=("from_40",))
    for why, asked in ((Why.SCOPE, True), (Why.SUBJECT, False)):
        denial = Answer(kind=AnswerKind.TARGETS, question=question, absences=(Absence(plan=plan, why=why, name="x"),))
        assert is_denial(denial)
        assert is_asked_for(denial, {"verdict": 0.9}) is asked


@pytest.mark.parametrize(
    "asked",
    [
        "công ty em có 40 người, TP.HCM đến 2025 ký thỏa ước bao nhiêu phần trăm",
        "xuong tui 17 tho, quang tri toi 2025 tu may nguoi phai lap cong doan",
    ],
)
def test_the_size_of_the_askers_own_firm_denies_nothing(asked: str) -> None:
    assert load_adviser().ask(asked).facts, asked


def test_a_size_that_is_asked_about_is_denied() -> None:
    assert is_denial(
        load_adviser().ask("Quảng Trị doanh nghiệp từ 30 lao động trở lên có công đoàn bao nhiêu phần trăm")
    )


@pytest.mark.parametrize(
    "asked", ["Bảo Lộc khuyến khích lập công đoàn từ mấy người", "bao loc tu may tho thi phai lap cong doan"]
)
def test_a_number_that_stands_in_a_task_is_told(asked: str) -> None:
    found = load_adviser().ask(asked)
    assert found.kind is AnswerKind.PASSAGES
    assert any(passage.task and "15 lao động" in passage.task.summary for passage in found.passages)


@pytest.mark.parametrize(
    ("leftover", "kinds", "is_judged"),
    [
        (("doi", "khoan"), {"task": 0.6, "target": 0.1, "verdict": 0.1}, False),
        (("doi", "khoan"), {"task": 0.4, "target": 0.3, "verdict": 0.1}, True),
        (("doi",), {"task": 0.6, "target": 0.1}, True),
    ],
)
def test_a_figure_quoted_beside_what_is_no_target_is_not_judged(
    leftover: tuple[str, ...], kinds: dict[str, float], is_judged: bool
) -> None:
    question = Question(text="", figures=(Decimal(2),), leftover=leftover)
    told = without_rash_verdict(Answer(kind=AnswerKind.TARGETS, question=question, quoted=question.figures), kinds)
    assert bool(told.quoted) is is_judged
    assert told.caveat is (None if is_judged else Caveat.UNSURE)


def test_a_yes_to_one_of_two_figures_quoted_is_none() -> None:
    adviser = load_adviser()
    assert not adviser.ask("Quảng Trị tới 2025 mỗi năm 1500 đoàn viên, ba năm là 4500 đúng không").quoted
    assert adviser.ask("Quảng Trị tới 2025 mỗi năm 1500 đoàn viên đúng không").quoted
