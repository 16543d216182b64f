"""Rows that count units, and what rows measure by lines of their own: as people write them, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from knowledge.forms import check_report
from knowledge.forms.workbook import (
    DescribedForm,
    FormDoubtKind,
    FormWorkbookError,
    WhyFormRefused,
    decide,
    make_form,
    write_form,
)
from knowledge.forms.workbook.measures import find_scopes
from knowledge.glossary import load_glossary
from knowledge.model.forms import Form, MeasureKind
from knowledge.model.units import UnitKind
from tests.knowledge.forms.workbook import made
from tests.knowledge.forms.workbook.made import described, simple

GLOSSARY = load_glossary()
ROWS = ["STT", "Nội dung", "ĐVT", "Đếm đơn vị", "Ai báo", "Tự tính", "Có hay chưa", "Kỳ trước"]
TALKS: made.Line = [1, "Số cuộc đối thoại", "cuộc"]
MEASURES = ["Chỉ tiêu kế hoạch", "Theo mục", "Cách đo", "Phạm vi", "Đơn vị của chỉ tiêu", "Tăng giảm theo mục"]


def wrong(content: bytes) -> list[tuple[str, WhyFormRefused, str]]:
    with pytest.raises(FormWorkbookError) as refused:
        described(content)
    return [(each.cell, each.why, each.said) for each in refused.value.refusals]


def settled(found: DescribedForm) -> Form:
    """The form, whatever is doubtful of it left out."""
    while found.doubts:
        found = decide(found, found.doubts[0], found.doubts[0].choices[-1])
    return make_form(found)


# --- Rows that count units ---


@pytest.mark.parametrize(
    ("said", "least"),
    [
        ("mục 1", "1"),
        ("1", "1"),
        ("Mục 1 từ 5", "5"),
        ("mục 1 từ 5 trở lên", "5"),
        ("số đơn vị có mục 1", "1"),
        ("có báo mục 1", "0"),
        ("Có báo cáo mục 1", "0"),
    ],
)
def test_a_row_counts_the_units_that_gave_another(said: str, least: str) -> None:
    form = make_form(described(simple(ROWS, TALKS, ["1.1", "DNNN đã đối thoại", None, said, "DNNN"])))
    row = form.get_indicator("i1_1")
    assert (row.counts, row.least, row.unit, row.asked_of) == (
        "i1",
        Decimal(least),
        "đơn vị",
        frozenset({UnitKind.STATE_ENTERPRISE}),
    )
    assert [each.key for each in form.asked] == ["i1"]
    assert make_form(described(write_form(form, GLOSSARY))) == form
    own = form.asked_of(UnitKind.STATE_ENTERPRISE)
    assert own.completed({"i1": Decimal(7)})["i1_1"] == 1
    assert own.completed({"i1": Decimal(0)})["i1_1"] == (0 if row.least else 1)


@pytest.mark.parametrize(
    ("line", "cell", "why"),
    [
        (["1.1", "Đã đối thoại", None, "nhiều"], "D9", WhyFormRefused.WRONG_EXPRESSION),
        (["1.1", "Đã đối thoại", None, "mục 1 đến 5"], "D9", WhyFormRefused.WRONG_EXPRESSION),
        (["1.1", "Đã đối thoại", None, "có báo mục 1 từ 5"], "D9", WhyFormRefused.WRONG_EXPRESSION),
        (["1.1", "Đã đối thoại", None, "mục 7"], "D9", WhyFormRefused.MISSING_ROW),
        (["1.1", "Đã đối thoại", None, "mục 1.1"], "D9", WhyFormRefused.NOT_COUNTED),
        (["1.1", "Đã đối thoại", "triệu đồng", "mục 1"], "D9", WhyFormRefused.NOT_COUNTED),
        (["1.1", "Đã đối thoại", None, "mục 1", None, "1 + 1"], "D9", WhyFormRefused.NOT_COUNTED),
        (["1.1", "Đã đối thoại", None, "mục 1", None, None, "có"], "D9", WhyFormRefused.NOT_COUNTED),
        ([2, "Số dư", "cuộc", None, None, None, None, "mục 9"], "H9", WhyFormRefused.MISSING_ROW),
        ([2, "Số dư", "cuộc", None, None, None, None, "năm ngoái"], "H9", WhyFormRefused.WRONG_FLAG),
    ],
)
def test_what_cannot_be_counted_or_shown_is_refused_with_the_cell(
    line: made.Line, cell: str, why: WhyFormRefused
) -> None:
    assert wrong(simple(ROWS, TALKS, line))[0][:2] == (cell, why)


def test_no_sum_rests_on_a_row_that_only_counts() -> None:
    lines = (TALKS, ["1.1", "Đã đối thoại", None, "mục 1"], [2, "Tổng", "đơn vị", None, None, "1.1 + 1"])
    assert wrong(simple(ROWS, *lines))[0] == ("F10", WhyFormRefused.COUNTING_ROW, "1.1")
    own = make_form(
        described(simple(ROWS, [1, "Tổng", "cuộc", None, None, "tổng các mục con"], ["1.1", "Một", "cuộc"]))
    )
    assert own.get_indicator("i1").derived == ("+i1_1",)


def test_a_form_of_nothing_but_rows_that_count_is_refused() -> None:
    assert WhyFormRefused.NO_ROWS in [each[1] for each in wrong(simple(ROWS, [1, "Đã đối thoại", None, "mục 1"]))]


def test_a_row_may_show_what_another_was_the_period_before() -> None:
    lines = ([1, "Số đầu kỳ", "vụ", None, None, None, None, "mục 2"], [2, "Số cuối kỳ", "vụ"])
    form = make_form(described(simple(ROWS, *lines)))
    assert form.get_indicator("i1").carry_over == "i2"
    assert make_form(described(write_form(form, GLOSSARY))) == form


def test_rows_that_are_zero_where_nothing_moved_and_what_is_counted() -> None:
    columns = ["STT", "Nội dung", "ĐVT", "Không biến động thì bằng 0", "Đối tượng được đếm", "Kỳ trước", "Dấu"]
    lines = (
        [1, "Nữ đoàn viên", "người", None, "x", "có"],
        ["1.1", "Kết nạp", "người", "có", None, None, "+"],
        ["1.2", "Giảm", "người", "có", None, None, "-"],
    )
    form = make_form(described(simple(columns, *lines)))
    assert form.no_change == ("i1_1", "i1_2")
    assert form.get_indicator("i1").noun
    assert form.movement is not None
    assert make_form(described(write_form(form, GLOSSARY))) == form


# --- What rows measure ---


def measuring(*lines: made.Line) -> bytes:
    rows = ([1, "Phải ký thỏa ước", "đơn vị"], [2, "Đã ký thỏa ước", "đơn vị"], [3, "Đoàn viên", "người"])
    return simple(["STT", "Nội dung", "ĐVT"], *rows, [4, "Tăng thêm", "người"], MEASURES, *lines)


def test_measures_have_lines_of_their_own_the_narrower_population_first() -> None:
    found = described(
        measuring(
            ["TƯLĐTT", "2", "tỷ lệ trên mục 1"],
            ["TƯLĐTT", "2 + 3", "tỉ lệ trên mục 1", "ngoài công lập; doanh nghiệp từ 25 lao động trở lên"],
            ["Tổng số đoàn viên", "mục 3", "tại thời điểm", None, "đoàn viên", "4"],
        )
    )
    assert found.doubts == ()
    form = make_form(found)
    narrow, wide, level = form.measures
    assert (narrow.keys, narrow.whole, narrow.scopes) == (("i2", "i3"), "i1", ("non_public", "from_25"))
    assert (wide.keys, wide.scopes, wide.units, wide.name) == (("i2",), (), ("%",), "Đã ký thỏa ước")
    assert (level.kind, level.moves, level.units) == (MeasureKind.LEVEL, "i4", ("đoàn viên",))
    assert make_form(described(write_form(form, GLOSSARY))) == form


@pytest.mark.parametrize(
    ("line", "cell", "why"),
    [
        (["TƯLĐTT", None, "cộng dồn"], "A13", WhyFormRefused.WRONG_EXPRESSION),
        ([None, "2", "cộng dồn"], "B13", WhyFormRefused.WRONG_EXPRESSION),
        (["TƯLĐTT", "2 − 1", "cộng dồn"], "B13", WhyFormRefused.WRONG_EXPRESSION),
        (["TƯLĐTT", "9", "cộng dồn"], "B13", WhyFormRefused.MISSING_ROW),
        (["TƯLĐTT", "2", "tỷ lệ"], "C13", WhyFormRefused.NO_WHOLE),
        (["TƯLĐTT", "2", "tỷ lệ trên mục 8"], "C13", WhyFormRefused.MISSING_ROW),
        (["TƯLĐTT", "2", "hằng ngày"], "C13", WhyFormRefused.WRONG_EXPRESSION),
        (["TƯLĐTT", "2", "cộng dồn", None, None, "4"], "F13", WhyFormRefused.NOT_FOR_LEVEL),
        (["TƯLĐTT", "2", "tại thời điểm", None, None, "4 + 3"], "F13", WhyFormRefused.WRONG_EXPRESSION),
        (["TƯLĐTT", "2", "tại thời điểm", None, None, "9"], "F13", WhyFormRefused.MISSING_ROW),
    ],
)
def test_a_measure_that_is_wrong_is_refused_with_the_cell(line: made.Line, cell: str, why: WhyFormRefused) -> None:
    assert wrong(measuring(line))[0][:2] == (cell, why)


def test_the_same_is_measured_once_among_the_same_units() -> None:
    twice = (
        ["TƯLĐTT", "2", "cộng dồn", "ngoài công lập"],
        ["thỏa ước lao động tập thể", "1", "cộng dồn", "non_public"],
    )
    assert wrong(measuring(*twice))[0] == ("A14", WhyFormRefused.MEASURED_TWICE, "2")


def test_an_unknown_population_is_asked_about_and_never_widened() -> None:
    found = described(measuring(["TƯLĐTT", "2", "cộng dồn", "nhà nước; xe ôm"]))
    [doubt] = found.doubts
    assert (doubt.kind, doubt.cell, doubt.said, doubt.choices) == (FormDoubtKind.SCOPE, "D13", "xe ôm", ("",))
    assert settled(found).measures == ()
    found = described(measuring(["TƯLĐTT", "2", "cộng dồn", "doanh nghiệp nhà nước và vốn nước ngoài"]))
    assert "soe" in found.doubts[0].choices
    assert "fdi" in found.doubts[0].choices
    found = decide(found, found.doubts[0], "fdi")
    assert [each.scopes for each in make_form(found).measures] == [("fdi",)]


def test_what_is_asked_of_one_measure_leaves_the_others() -> None:
    found = described(measuring(["Hội nghị", "1", "cộng dồn"], ["TƯLĐTT", "2"], ["Không ai biết", "3"]))
    kinds = [(each.kind, each.row) for each in found.doubts]
    assert kinds == [
        (FormDoubtKind.SUBJECT, "1"),
        (FormDoubtKind.WAY, "2"),
        (FormDoubtKind.SUBJECT, "3"),
        (FormDoubtKind.WAY, "3"),
    ]
    found = decide(found, found.doubts[0], "workers_conference")
    found = decide(found, found.doubts[0], "level")
    found = decide(found, found.doubts[0], "")
    assert found.doubts == ()
    assert [(each.indicator, each.kind) for each in make_form(found).measures] == [
        ("workers_conference", MeasureKind.FLOW),
        ("collective_agreement", MeasureKind.LEVEL),
    ]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("ngoài khu vực nhà nước", ["non_state"]),
        ("FDI", ["fdi"]),
        ("cơ quan, đơn vị", ["agencies"]),
        ("Doanh nghiệp từ 40 lao động", ["from_40"]),
        ("doanh nghiệp dưới 20 lao động", ["under_20"]),
        ("xe ôm", []),
    ],
)
def test_populations_as_they_are_written(said: str, found: list[str]) -> None:
    assert find_scopes(said, GLOSSARY.scopes) == found


def test_keys_that_sentences_use_for_something_else_are_refused() -> None:
    for key in ("previous", "expected", "difference"):
        found = wrong(simple(["STT", "Nội dung", "ĐVT", "Mã"], [1, "Lao động", "người", key]))
        assert found == [("D8", WhyFormRefused.WRONG_CODE, key)]


def test_a_long_cell_is_refused_where_more_stands_there_than_is_read() -> None:
    names = "; ".join(f"tên gọi số {number}" for number in range(100))
    columns = ["STT", "Nội dung", "ĐVT", "Tên gọi khác", "Tên gọi khác"]
    assert wrong(simple(columns, [1, "Lao động", "người", names]))[0] == ("D8", WhyFormRefused.TOO_LONG, "999")
    form = make_form(described(simple(columns, [1, "Lao động", "người", names[:900], "thợ; thợ máy"])))
    assert form.get_indicator("i1").aliases[-2:] == ("thợ", "thợ máy")
    long = [1, "Lao động", "người", names[:990], names[:990]]
    form = make_form(described(simple(columns, long)))
    assert make_form(described(write_form(form, GLOSSARY))) == form


def test_a_rule_that_the_next_version_keeps_is_known_by_the_same_name() -> None:
    lines = (["STT", "Nội dung", "ĐVT"], [1, "Lao động", "người"], [2, "Đoàn viên", "người"], ["Ràng buộc"])
    first = make_form(described(simple(*lines, ["2 ≤ 1"])))
    first = replace(first, rules=tuple(replace(rule, id="members-within") for rule in first.rules))
    again = make_form(described(simple(*lines, ["2 ≤ 1", "Câu khác"], ["1 ± 5 %"])), [first])
    assert again.rules[0].id == "members-within"
    assert check_report(again, {"i1": Decimal(1), "i2": Decimal(2)}, None)[0].sentence == "Câu khác"
