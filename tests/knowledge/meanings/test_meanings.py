"""What messages mean: sayings nobody learned from, labels, the guide's examples, marks and keys, any text at all."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.meanings import AskerRole, Meaning, Place, Situation, understand
from knowledge.meanings.units import UnitNames
from knowledge.meanings.words import load_words
from knowledge.text import fold
from tests.examples import examples

TODAY = date(2026, 11, 28)
DATA = Path(__file__).parents[1] / "data"
ROLES = (AskerRole.GUEST, AskerRole.OFFICER, AskerRole.SUPERVISOR)


def means(said: str, role: AskerRole = AskerRole.OFFICER, place: Place = Place.PRIVATE) -> Meaning:
    return understand(said, Situation(role, TODAY, place)).means


def test_sayings_that_nobody_learned_from() -> None:
    rows = [json.loads(line) for line in (DATA / "said-dev.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = [row["said"] for row in rows if means(row["said"], AskerRole(row["who"])) != row["means"]]
    assert len(rows) == 41
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    "said",
    [
        "cơ sở nào chậm chỉ tiêu",
        "đơn vị nào chậm kết nạp nhất",
        "don vi nao dat chi tieu thap nhat",
        "ai chưa đạt chỉ tiêu năm nay",
        "những đơn vị tụt lại về tiến độ",
    ],
)
def test_a_supervisor_asks_who_is_behind_in_a_target(said: str) -> None:
    assert means(said, AskerRole.SUPERVISOR) is Meaning.SHARE


@pytest.mark.parametrize(
    ("said", "role", "meant"),
    [
        ("em chuyển công tác rồi, bỏ quyền nộp báo cáo của em đi", AskerRole.OFFICER, Meaning.ME),
        ("tui hết nhiệm kỳ, xin thôi vai trò cán bộ ở đơn vị này", AskerRole.OFFICER, Meaning.ME),
        ("công ty Hòa Phát đổi tên thành Hòa An rồi, cập nhật lại giúp", AskerRole.SUPERVISOR, Meaning.UNITS),
        ("doi ten cdcs det kim thanh cdcs may mac tren danh sach", AskerRole.SUPERVISOR, Meaning.UNITS),
        ("so với chỉ tiêu thì cả khối doanh nghiệp đạt mấy phần rồi", AskerRole.SUPERVISOR, Meaning.SUMMARY),
        ("đã đạt bao nhiêu phần trăm chỉ tiêu kết nạp", AskerRole.SUPERVISOR, Meaning.SUMMARY),
        ("đã đạt bao nhiêu phần trăm chỉ tiêu kết nạp", AskerRole.OFFICER, Meaning.SHARE),
        ("mùng 7 nộp thì có bị tính trễ không", AskerRole.OFFICER, Meaning.DUE),
        ("nop ngay mung 6 da tre chua", AskerRole.OFFICER, Meaning.DUE),
        ("nhắn mấy lần không thấy trả lời, bot bị gì vậy", AskerRole.OFFICER, Meaning.ABOUT_BOT),
        ("sao im re vậy bot, đang bận hả", AskerRole.SUPERVISOR, Meaning.ABOUT_BOT),
    ],
)
def test_work_beside_reports_is_asked_for_in_everyday_words(said: str, role: AskerRole, meant: Meaning) -> None:
    assert means(said, role) is meant


@pytest.mark.parametrize("said", ["đơn vị nào chậm nộp báo cáo", "nơi nào trễ hạn nhất"])
def test_whoever_is_late_with_a_report_is_behind_in_no_target(said: str) -> None:
    assert means(said, AskerRole.SUPERVISOR) is not Meaning.SHARE


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("còn thiếu mấy", True),
        ("đạt bao nhiêu phần trăm rồi", True),
        ("dat may phan tram roi a", True),
        ("còn thiếu mấy báo cáo", False),
        ("còn bao nhiêu ngày nữa", False),
    ],
)
def test_how_far_one_has_come_is_asked_in_few_words(said: str, *, asks: bool) -> None:
    assert load_words().asks_reached_shortly(said) is asks


@pytest.mark.parametrize("role", ROLES)
def test_every_phrase_means_what_it_says_to_whoever_types_it(role: AskerRole) -> None:
    for phrase, meaning in load_words().phrases.items():
        assert means(phrase, role) == meaning, phrase
        assert means(f"{phrase.upper()}!", role) == meaning, phrase


# What the guide, the README and /help let people type, with what it means to guest, officer and supervisor.
EXAMPLES = [
    ("chỉ tiêu TƯLĐTT 2025?", Meaning.PLAN_QUESTION),
    ("bao loc moi nam ket nap bn dv", Meaning.PLAN_QUESTION),
    ("Bảo Lộc mỗi năm kết nạp bao nhiêu đoàn viên", Meaning.PLAN_QUESTION),
    ("hạn nộp báo cáo sơ kết", Meaning.PLAN_QUESTION),
    ("báo cáo sơ kết gửi trước ngày nào", Meaning.PLAN_QUESTION),
    ("các chỉ tiêu của Quảng Trị", Meaning.PLAN_QUESTION),
    ("còn 2030?", Meaning.PLAN_QUESTION),
    ("thế Quảng Trị thì sao", Meaning.PLAN_QUESTION),
    ("tưlđtt 2025", Meaning.PLAN_QUESTION),
    ("nộp báo cáo", Meaning.BEGIN_REPORT),
    ("hủy", Meaning.CANCEL),
    ("trợ giúp", Meaning.HELP),
    ("báo cáo tháng 10: cnvclđ 1320, đoàn viên 1.250, mới 12, giảm 3", Meaning.REPORT),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("said", "meant"), EXAMPLES)
def test_what_the_guide_lets_people_type(said: str, meant: Meaning, role: AskerRole) -> None:
    assert means(said, role) == meant


@pytest.mark.parametrize(
    "said",
    ["xin gia hạn báo cáo tháng 11", "đơn vị tôi có bao nhiêu đoàn viên", "còn mấy đơn vị chưa nộp", "mời cán bộ mới"],
)
def test_marks_capitals_and_composition_change_nothing(said: str) -> None:
    meant = understand(said, Situation(AskerRole.SUPERVISOR, TODAY))
    for typed in (fold(said), said.upper(), unicodedata.normalize("NFD", said), said.capitalize()):
        assert understand(typed, Situation(AskerRole.SUPERVISOR, TODAY)) == meant


def test_keys_of_telex_and_vni_are_read() -> None:
    assert means("xin gia hanj") == means("xin gia ha5n") == Meaning.EXTENSION


@pytest.mark.parametrize(
    ("said", "place", "meant"),
    [
        ("1250", Place.REPORTING, Meaning.ANSWER),
        ("một nghìn hai trăm", Place.REPORTING, Meaning.ANSWER),
        ("giữ nguyên", Place.REPORTING, Meaning.ANSWER),
        ("sửa đoàn viên 1250", Place.REPORTING, Meaning.ANSWER),
        ("thôi không nhập nữa", Place.REPORTING, Meaning.CANCEL),
        ("chỉ tiêu TƯLĐTT 2025 của TP.HCM là bao nhiêu", Place.REPORTING, Meaning.PLAN_QUESTION),
        ("bao giờ đến hạn nộp?", Place.REPORTING, Meaning.DUE),
        ("Nộp danh sách khen thưởng", Place.DEADLINE, Meaning.ANSWER),
        ("ngày 20 hằng tháng", Place.DEADLINE, Meaning.ANSWER),
        ("trước ngày 15/01", Place.DEADLINE, Meaning.ANSWER),
        ("hủy", Place.DEADLINE, Meaning.CANCEL),
        ("chỉ tiêu TƯLĐTT 2025?", Place.DEADLINE, Meaning.PLAN_QUESTION),
    ],
)
def test_in_a_dialog_what_asks_nothing_is_its_answer(said: str, place: Place, meant: Meaning) -> None:
    assert means(said, AskerRole.SUPERVISOR, place) == meant


def test_a_supervisors_own_figures_are_totals() -> None:
    assert means("đơn vị tôi có bao nhiêu đoàn viên", AskerRole.OFFICER) is Meaning.OWN_FIGURES
    assert means("đơn vị tôi có bao nhiêu đoàn viên", AskerRole.SUPERVISOR) is Meaning.SUMMARY


def test_units_are_found_by_code_and_by_what_people_call_them() -> None:
    units = UnitNames([("TP-001", "CĐCS Công ty May Sông Xanh"), ("BM-002", "Nghiệp đoàn Xe ôm Bình Minh")])
    assert units.find("may song xanh nộp chưa") == "TP-001"
    assert units.find("số liệu TP-001") == "TP-001"
    assert units.find("xe ôm Bình Minh") == "BM-002"
    assert units.find("bình minh") is None


@settings(deadline=None, max_examples=examples(150))
@given(st.text(max_size=300), st.sampled_from(list(AskerRole)), st.sampled_from(list(Place)))
def test_any_text_means_something(text: str, role: AskerRole, place: Place) -> None:
    found = understand(text, Situation(role, TODAY, place))
    assert 0 <= found.sure <= 1
    assert len(found.choices) in {0, 2}


def test_no_known_question_on_the_plans_begins_or_changes_anything() -> None:
    acting = {Meaning.REPORT, Meaning.SET_DEADLINE, Meaning.BROADCAST, Meaning.FORGET, Meaning.CANCEL}
    rows = [
        json.loads(line)
        for name in ("questions", "questions-second", "questions-third")
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    taken = [row["q"] for row in rows if means(row["q"]) in acting]
    assert len(taken) <= len(rows) // 100, taken


@pytest.mark.parametrize("role", [AskerRole.OFFICER, AskerRole.SUPERVISOR])
@pytest.mark.parametrize(
    "said",
    ["hạn của Quảng Trị", "hạn của Bảo Lộc", "hạn báo cáo của Công Thương", "hạn báo cáo theo kế hoạch của Quảng Trị"],
)
def test_when_something_is_due_by_a_plan_is_asked_of_the_plan(said: str, role: AskerRole) -> None:
    assert means(said, role) == Meaning.PLAN_QUESTION


@pytest.mark.parametrize("said", ["hạn của tôi", "hạn nộp báo cáo", "đơn vị tôi ở Quảng Trị đến hạn nộp gì"])
def test_when_something_of_ones_own_is_due_stays_ones_own(said: str) -> None:
    assert means(said) == Meaning.DUE


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("kết nạp đoàn viên 2027", Meaning.PLAN_QUESTION),
        ("kết nạp mới 2027", Meaning.PLAN_QUESTION),
        ("kết nạp đoàn viên 12", Meaning.REPORT),
        ("tháng 10 kết nạp 2027 đoàn viên", Meaning.REPORT),
    ],
)
def test_a_year_by_itself_is_no_figure_of_a_report(said: str, meant: Meaning) -> None:
    assert means(said) == meant
