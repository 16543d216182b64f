"""Reports in one message as a careful clerk would take them: what is sure is taken, what is shaken is asked about."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.reports import ReportUnderstood, parse_report, understood_report
from knowledge.text import tidy
from tests.examples import examples
from tests.monthly import form_of_four_rows

TODAY = date(2026, 11, 3)
FIGURES = ("workers", "members", "admitted", "lost")
DATA = Path(__file__).parents[1] / "data"


MONTHLY = form_of_four_rows()


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


SAID = rows("reports-said.jsonl")


def understand(text: str) -> ReportUnderstood | None:
    reading = parse_report(text, MONTHLY, today=TODAY)
    return understood_report(reading, MONTHLY) if reading.is_report else None


def judge(row: dict[str, Any]) -> tuple[bool, bool]:
    """Whether a message came out right, and whether something false or doubtful was taken as sure."""
    got = understand(row["text"])
    expect, ask = row["expect"], row["ask"]
    if got is None:
        return all(expect[key] is None for key in FIGURES), False
    taken = {key: got.figures.get(key) for key in FIGURES if key in got.figures or key in ask}
    shaken = [key for key in FIGURES if key in ask and (key in got.figures or key in got.kept)]
    wrong = [key for key, value in taken.items() if key not in ask and value != expect[key]]
    missed = [key for key in FIGURES if key not in ask and expect[key] is not None and key not in got.figures]
    period = got.period if "period" not in got.ask else None
    doubtful_period = period is not None and ("period" in ask or period != expect["period"])
    right = not (shaken or wrong or missed or doubtful_period) and (period == expect["period"] or "period" in ask)
    return right, bool(shaken or wrong or doubtful_period)


def test_nearly_all_messages_come_out_right_and_nearly_none_falsely_sure() -> None:
    verdicts = [judge(row) for row in SAID]
    wrong = [row["text"] for row, (right, _) in zip(SAID, verdicts, strict=True) if not right]
    false = [row["text"] for row, (_, sure) in zip(SAID, verdicts, strict=True) if sure]
    assert len(wrong) <= 0.07 * len(SAID), wrong
    assert len(false) <= 2, false


def test_messages_written_to_find_gaps_are_rarely_taken_wrong() -> None:
    some = rows("reports-more.jsonl")
    verdicts = [judge(row) for row in some]
    false = [row["text"] for row, (_, sure) in zip(some, verdicts, strict=True) if sure]
    assert sum(right for right, _ in verdicts) >= 0.89 * len(some)
    assert len(false) <= 0.01 * len(some), false


def test_sound_reports_are_taken_without_a_question() -> None:
    sound = [row for row in SAID if not row["ask"]]
    assert sum(judge(row)[0] for row in sound) >= 0.9 * len(sound)


@pytest.mark.parametrize("row", rows("reports-field.jsonl"), ids=lambda row: row["text"][:40])
def test_reports_from_the_field(row: dict[str, Any]) -> None:
    assert judge(row) == (True, False)


SOUND = {"workers": 132, "members": 125, "admitted": 4, "lost": 2}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("kn 4 hoặc 5", "admitted"),
        ("kn 4-5", "admitted"),
        ("kn khoảng 4", "admitted"),
        ("kn hình như 4", "admitted"),
        ("kn 4 thì phải", "admitted"),
        ("kn 4 (chưa chắc)", "admitted"),
        ("kn 4, để em hỏi lại đã", "admitted"),
        ("kn 4 2", "admitted"),
        ("kn 4 ở ca A và 2 ở ca B", "admitted"),
        ("từ đầu năm kn 4", "admitted"),
        ("kn cả năm 4", "admitted"),
        ("tháng 9 kn 4", "admitted"),
        ("dự kiến kn 4", "admitted"),
        ("chỉ tiêu kn 4", "admitted"),
        ("kn quý 3 là 4", "admitted"),
        ("kn chưa rõ", "admitted"),
        ("kn 4 -- nhầm", "admitted"),
        ("giảm gồm: nghỉ hưu 1, chuyển đi 1", "lost"),
        ("đv từ 126 xuống 125", "members"),
        ("đv như tháng trước", "members"),
        ("đv không đổi", "members"),
        ("đv 12x", "members"),
        ("đv 125, sổ khác lại ghi 124", "members"),
    ],
)
def test_each_kind_of_doubt_is_asked_about(said: str, key: str) -> None:
    pieces = {"workers": "lđ 132", "members": "đv 125", "admitted": "kn 4", "lost": "giảm 2"}
    got = understand("Báo cáo tháng 10: " + "; ".join({**pieces, key: said}.values()))
    assert got is not None
    assert key not in got.figures
    assert key not in got.kept
    assert key in got.ask
    assert got.figures == {name: value for name, value in SOUND.items() if name != key}


@pytest.mark.parametrize(
    "said",
    [
        "{} Đoàn phí thu 11.880.000đ.",
        "{} Liên hệ em Hằng 0912 345 678.",
        "{} Tỷ lệ 94,7%.",
        "{} Kế hoạch tháng 11: kn 5, giảm 0.",
        "{} Họp ngày 20/10 tại phòng 304.",
        "{} Đảng viên 12, nữ 80.",
        "Xin lỗi anh vì nộp chậm. {}",
    ],
)
def test_what_only_explains_disturbs_nothing(said: str) -> None:
    got = understand(said.format("Báo cáo tháng 10: lđ 132, đv 125, kn 4, giảm 2 (cô Thảo nghỉ hưu 1/10, thầy Tú ra)."))
    assert got is not None
    assert (got.period, got.figures, got.ask) == ("2026-10", SOUND, [])


@pytest.mark.parametrize(
    "said",
    [
        "đv 120 à nhầm 125 mới đúng",
        "đv 120 xin lỗi 125",
        "đv 125 chứ không phải 120",
        "đv đầu tháng 123, cuối tháng 125",
        "đv tổ A 100, tổ B 25, tổng cộng 125",
    ],
)
def test_a_figure_put_right_is_taken(said: str) -> None:
    got = understand(f"T10: lđ 132, {said}, kn 4, giảm 2")
    assert got is not None
    assert got.figures == SOUND


@pytest.mark.parametrize(
    ("head", "period"),
    [
        ("t10", "2026-10"),
        ("báo cáo tháng mười", "2026-10"),
        ("10/2026", "2026-10"),
        ("báo cáo tháng trước", "2026-10"),
        ("tháng vừa rồi", "2026-10"),
        ("báo cáo kỳ này", "2026-10"),
        ("em báo cáo", "2026-10"),
        ("báo cáo bù tháng 9", "2026-09"),
        ("số liệu đến hết 30/9/2026", "2026-09"),
        ("báo cáo tháng 9, à quên tháng 10", "2026-10"),
        ("báo cáo tháng 11", None),
        ("báo cáo tháng 12", None),
        ("tháng 10/2025", None),
        ("báo cáo tháng 9 hoặc tháng 10", None),
    ],
)
def test_the_month_stated_decides_and_a_doubtful_one_is_asked_about(head: str, period: str | None) -> None:
    got = understand(f"{head}: lđ 132, đv 125, kn 4, giảm 2")
    assert got is not None
    assert (got.period, got.figures) == (period, SOUND)
    assert got.ask == ([] if period else ["period"])


@pytest.mark.parametrize(
    "text",
    [
        "bao loc moi nam ket nap bn dv",
        "Chào em, chị khỏe không?",
        "cảm ơn em nhiều nhé",
        "báo cáo tháng 10 như thế nào",
        "kết nạp bao nhiêu đoàn viên thì đạt chỉ tiêu năm 2026?",
        "đến năm 2030 kết nạp mấy đoàn viên",
        "tới 2045 công nhân Quảng Trị vô công đoàn gần hết hông",
        "nhờ em nhắc chị nộp báo cáo tháng 10",
        "lap cong doan truoc roi moi lap chi bo trong cty tu o bao loc dung y vay khong",
    ],
)
def test_questions_requests_and_chatter_are_no_reports(text: str) -> None:
    assert understand(text) is None


def test_figures_without_names_are_asked_about() -> None:
    got = understand("T10: 156 148 3 1")
    assert got is not None
    assert (got.figures, got.ask) == ({}, list(FIGURES))


WORDS = [
    "lđ",
    "đv",
    "kn",
    "giảm",
    "tổng",
    "tháng 9",
    "tháng 10",
    "khoảng",
    "hoặc",
    "nhầm",
    "mới đúng",
    "từ",
    "lên",
    "tổ",
    "cả năm",
    "không",
    "chưa ai",
    "và",
    "trong đó",
    "nữ",
    "còn",
    "dự kiến",
    "chưa chắc",
    "12",
    "7",
    "1.250",
    "3,5",
    "98-99",
    "5%",
    "(",
    ")",
    ",",
    ".",
    ":",
    "\n",
    "?",
    "+",
    "=",
    "bn",
]


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=18).map(" ".join) | st.text(max_size=300))
def test_any_text_is_read_and_no_figure_is_made_up(text: str) -> None:
    got = understood_report(parse_report(text, MONTHLY, today=TODAY), MONTHLY)
    digits = re.sub(r"[ .,]", "", tidy(text))
    for value in got.figures.values():
        assert value == 0 or str(value) in digits
    assert not set(got.figures) & set(got.ask)


def test_a_message_full_of_figures_is_read_in_time() -> None:
    begun = time.process_time()
    understand("lđ 5 " * 800)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("head", ["quý 3", "báo cáo quý III", "báo cáo tháng 9 và tháng 10"])
def test_the_movements_of_several_months_are_asked_about(head: str) -> None:
    got = understand(f"{head}: lđ 132, đv 125, kn 4, giảm 2")
    assert got is not None
    assert (got.period, got.figures) == (None, {"workers": 132, "members": 125})
    assert got.ask == ["admitted", "lost", "period"]


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("lđ 120, đv ???, kn 4, giảm 2", ["members"]),
        ("lđ 132, đv 125, kn 4, giảm 2, mà thôi số giảm khoan ghi", ["lost"]),
        ("dự kiến lđ 132, đv 125, kn 4, giảm 2", [*FIGURES]),
        ("lđ 132, đv 135, kn 4, giảm 2", ["workers", "members"]),
        ("120/125 đoàn viên, lđ 132, kn 4, giảm 2", ["members"]),
        ("lđ 1 nghìn 2, đv 1125, kn 4, giảm 2", ["workers"]),
        ("lđ 132, đv 125, kn 4, giảm không đáng kể", ["lost"]),
        ("đoàn viên một nghìn không trăm lẻ năm, lao động 1320, kn 4, giảm 2", []),
        ("1) lđ 132 2) đv 125 3) kn 4 4) giảm 2", []),
    ],
)
def test_what_is_shaken_is_asked_about_and_nothing_else(text: str, ask: list[str]) -> None:
    got = understand(text)
    assert got is not None
    assert got.ask == ask


@pytest.mark.parametrize(
    "text",
    [
        "| Nam | Nữ | Tổng\nLĐ | 70 | 62 | 132\nĐV | 65 | 60 | 125\nKN | 3 | 1 | 4\nGiảm | 1 | 1 | 2",
        "Báo cáo tháng 10\n\tT9\tT10\nLĐ\t130\t132\nĐV\t124\t125\nKN\t0\t4\nGiảm\t1\t2",
        "báo cáo t10 (lđ/đv/kn/giảm): 132/125/4/2",
        "Căn cứ Công văn số 112/CV-CĐVC: lđ 132, đv 125, kn 4, giảm 2 trong đó hưu 1, chuyển 1",
        "lđ 132, đv 125, kn 4, giảm 2 (1 chết, 1 tự ý bỏ việc)",
        "Không phải 123 mà là 132 lao động, em gõ nhầm. Đv 125, kn 4, giảm 2",
        "lđ 132, đv vừa tròn 125, kn 4, giảm 2 (chuyển công tác về Ba Đình)",
        "người thì 132, đv 125, kn 4, giảm 2. Đoàn phí nộp trước mồng 10",
        "lđ toàn xưởng 132, đv 125, kn 4, giảm 2",
        "Đầu kỳ đv 123; kn 4; giảm 2; cuối kỳ 125. Lao động cuối kỳ 132",
        "lđ 132, đv 125, kn 4, giảm 2 nhé. 1 hưu, 1 chuyển viện",
    ],
)
def test_figures_among_others_are_told_apart(text: str) -> None:
    got = understand(text)
    assert got is not None
    assert (got.period, got.figures, got.ask) == ("2026-10", SOUND, [])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("lđ 132, đv 125 (chưa tính 8 bạn mới vào), giảm 2", "members"),
        ("lđ 132, đv 125, còn sổ công đoàn lại ghi 1.250, kn 4, giảm 2", "members"),
        ("lđ 132, đv 125, kn 4. Giảm thì có 1 bác sĩ nghỉ hưu, 1 điều dưỡng chuyển đi", "lost"),
        ("kn mới: 2 bs, 3 đd, 1 ktv. Giảm 2, lđ 132, đv 125", "admitted"),
        ("lđ 132, đv 125, kết nạp cả chục người, giảm 2", "admitted"),
        ("Tháng 9 với tháng 10 gửi chung: lđ 132, đv 125, kn 4, giảm 2", "period"),
        ("Quý 3 trường em: 132 người, 125 đoàn viên, kn 4, giảm 2", "period"),
        ("chuyền 1: 62 người, chuyền 2: 40. đv toàn xưởng 95, kn 4, giảm 2", "workers"),
        ("Nhân sự báo 132 lao động, bên bảo hiểm lại ra 128. Đv 125, kn 4, giảm 2", "workers"),
    ],
)
def test_parts_and_other_figures_beside_it_shake_a_figure(text: str, asked: str) -> None:
    got = understand(text)
    assert got is not None
    assert asked in got.ask


@pytest.mark.parametrize(
    ("text", "period", "ask"),
    [
        ("lđ 198 đv 187 kết nạp 4, giảm 3, tháng 9/2026", "2026-09", []),
        ("lđ 198 đv 187 kết nạp 4 giảm 3 tháng 12/2026", None, ["period"]),
        ("lđ 260 đv 244 kết nạp 5 giảm 2 cho quý 3 nha", None, ["admitted", "lost", "period"]),
        ("lđ 198 đv 187 kết nạp 4, giảm 3 (tháng 9)", "2026-10", ["lost"]),
        ("trường mầm non Hoa Sen 415 lao động 398 đoàn viên kết nạp 12 giảm 6", "2026-10", []),
    ],
)
def test_the_span_that_a_message_closes_with_is_that_of_the_report(
    text: str, period: str | None, ask: list[str]
) -> None:
    found = understood_report(parse_report(text, MONTHLY, today=TODAY), MONTHLY)
    assert (found.period, sorted(found.ask)) == (period, ask)
