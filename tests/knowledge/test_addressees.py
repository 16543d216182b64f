"""For which units something is meant, as it stands at the end of a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.addressees import find_workplaces, list_addressed, list_subjects
from knowledge.calendar.deadlines import impossible_day, parse_deadline, split_addressees, understood_deadline
from knowledge.calendar.outcomes import DateReason, Unclear
from knowledge.model.owing import Audience

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "rest", "unit", "audience", "is_sure"),
    [
        ("ngày 20 cho CĐCS May Sông Xanh", "ngày 20", "CĐCS May Sông Xanh", None, True),
        ("ngày 20 cho May Sông Xanh", "ngày 20", "May Sông Xanh", None, False),
        ("ngày 20, các CĐCS trực thuộc quận 7", "ngày 20", "quận 7", Audience.GRASSROOTS, True),
        ("áp dụng đối với các đơn vị trực thuộc", "", "", Audience.DIRECT, True),
        ("Cho tất cả các đơn vị thuộc LĐLĐ tỉnh", "", "LĐLĐ tỉnh", Audience.ALL, True),
        ("cho cac cong doan co so", "", "", Audience.GRASSROOTS, True),
    ],
)
def test_units_are_read_from_words(text: str, rest: str, unit: str, audience: Audience | None, is_sure: bool) -> None:
    before, found = next(list_addressed(text))
    assert (before, found.unit, found.audience, found.is_sure) == (rest, unit, audience, is_sure)


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("CĐCS May Sông Xanh nộp hồ sơ", ("nộp hồ sơ", "CĐCS May Sông Xanh", None)),
        ("CĐCS May Sông Xanh: nộp hồ sơ", ("nộp hồ sơ", "CĐCS May Sông Xanh", None)),
        ("Các CĐCS nộp hồ sơ", ("nộp hồ sơ", "", Audience.GRASSROOTS)),
        ("các đơn vị trực thuộc khu Bắc nộp hồ sơ", ("nộp hồ sơ", "khu Bắc", Audience.DIRECT)),
        ("cong doan co so Mot nop", ("nop", "cong doan co so Mot", None)),
    ],
)
def test_a_text_may_begin_with_those_who_are_to_do_it(text: str, some: tuple[str, str, Audience | None]) -> None:
    assert some in [(rest, who.unit, who.audience) for rest, who in list_subjects(text)]


@pytest.mark.parametrize("text", ["Nộp hồ sơ cho CĐCS May", "CĐCS", "CĐCS nộp", "", "Các đoàn viên nộp hồ sơ"])
def test_where_no_units_stand_first_there_are_none_or_no_name(text: str) -> None:
    assert all(len(who.unit.split()) > 1 for _, who in list_subjects(text))


def test_words_that_name_no_units_are_none() -> None:
    assert list(list_addressed("Nộp danh sách")) == []
    assert list(list_addressed("cho các đoàn viên")) == []


@pytest.mark.parametrize(
    ("text", "what", "ask"),
    [
        ("Nộp quỹ: ngày 20 hằng tháng cho các CĐCS", "Nộp quỹ", False),
        ("Nộp quỹ: ngày 20 hằng tháng cho đến khi xong", "Nộp quỹ", True),
        ("Nộp hồ sơ cho công đoàn cấp trên: ngày 20 hằng tháng", "Nộp hồ sơ cho công đoàn cấp trên", False),
    ],
)
def test_a_deadline_is_understood_with_those_it_is_for(text: str, what: str, ask: bool) -> None:
    found = understood_deadline(text, TODAY)
    assert (found.what, found.ask) == (what, ask)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Nộp quỹ: trước ngày 31/11", "31/11"),
        ("Hạn 32/12: nộp sổ", "32/12"),
        ("31/11 nộp quỹ", "31/11"),
        ("31/11", "31/11"),
        ("Nộp quỹ trước ngày 30 tháng 2 năm 2027", "30/2/2027"),
        ("Nộp quỹ ngày 29/2/2027", "29/2/2027"),
        ("Nộp quỹ ngày 32 hằng tháng", "32"),
        ("Nộp quỹ: 17h ngày 31/4 cho các CĐCS", "31/4"),
    ],
)
def test_a_day_that_no_calendar_has_is_named(text: str, day: str) -> None:
    found = parse_deadline(split_addressees(text, TODAY)[0], TODAY)
    assert isinstance(found, Unclear)
    assert (found.reason, impossible_day(found.words)) == (DateReason.NO_SUCH_DATE, day)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ngày 20/11 cho các bệnh viện nhé", "các bệnh viện"),
        ("12 hằng tháng, dành cho mấy khoa phòng", "mấy khoa phòng"),
        ("ngay 20/11 cho cac nha may", "cac nha may"),
        ("áp dụng cho từng phân xưởng, ngày 20", "từng phân xưởng"),
        ("ngày 20/11 cho khoa Cấp Cứu giùm tôi", "khoa Cấp Cứu"),
        ("cho mấy xưởng 10 ngày nữa", "mấy xưởng"),
    ],
)
def test_workplaces_are_heard_though_no_word_tells_which_units_they_are(text: str, said: str) -> None:
    assert find_workplaces(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "ngày 20/11 cho mọi người",
        "ngày 20/11 cho các đơn vị",
        "ngày 20/11 cho các anh chị đỡ quên",
        "nộp cho khoa Dược ngày 20/11",
        "20/11 cho khỏi quên",
        "20/11 cho khoi quen",
        "20/11 cho kịp",
        "20/11 cho tổ chức",
        "20/11 cho các trường hợp thai sản",
        "cho cac truong phong ky",
        "ngày 20/11, các trường lưu ý",
        "",
    ],
)
def test_all_who_are_there_and_whoever_receives_are_no_workplaces(text: str) -> None:
    assert find_workplaces(text) == ""
