"""A form that an admin made, with rows of its own: read from the names of its rows alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.forms import QUARTERLY_FORM, get_form, load_forms
from knowledge.model.forms import FigureKind, Form, Indicator
from knowledge.model.periods import PeriodKind
from knowledge.model.units import UnitKind
from knowledge.reports import parse_report
from knowledge.reports.choosing import find_reports
from knowledge.text import fold
from tests.examples import examples

TODAY = date(2027, 1, 5)
MADE = Form(
    id="an-toan",
    title="An toàn và chăm lo",
    short="An toàn, chăm lo",
    period=PeriodKind.QUARTER,
    owed_by=frozenset({UnitKind.PRIVATE}),
    calendar=get_form(QUARTERLY_FORM).calendar,
    indicators=(
        Indicator(
            no="1",
            key="talks",
            name="Số buổi tuyên truyền pháp luật đã tổ chức trong quý",
            short="Tuyên truyền pháp luật",
            unit="buổi",
        ),
        Indicator(
            no="2",
            key="checked",
            name="Số công nhân được khám sức khỏe định kỳ trong quý",
            short="Khám sức khỏe định kỳ",
            unit="người",
        ),
        Indicator(
            no="3",
            key="shelf",
            name="Đơn vị đã có tủ sách pháp luật",
            short="Có tủ sách pháp luật",
            unit="đơn vị",
            yes_no=True,
        ),
        Indicator(
            no="4",
            key="crew_due",
            name="Đơn vị thuộc diện phải lập tổ an toàn vệ sinh viên",
            short="Phải lập tổ ATVSV",
            unit="đơn vị",
            yes_no=True,
        ),
        Indicator(
            no="4",
            key="crew",
            parent="crew_due",
            name="Đơn vị đã lập tổ an toàn vệ sinh viên",
            short="Đã lập tổ ATVSV",
            unit="đơn vị",
            yes_no=True,
        ),
        Indicator(no="5", key="gifts", name="Số suất quà đã trao trong quý", short="Suất quà", unit="suất"),
        Indicator(
            no="6",
            key="aid",
            name="Số tiền hỗ trợ đoàn viên khó khăn từ đầu năm",
            short="Tiền hỗ trợ khó khăn",
            unit="triệu đồng",
            kind=FigureKind.MONEY,
        ),
        Indicator(
            no="7",
            key="accidents",
            name="Số vụ tai nạn lao động xảy ra từ đầu năm",
            short="Tai nạn lao động",
            unit="vụ",
        ),
        Indicator(
            no="7",
            key="fatal",
            parent="accidents",
            name="Trong đó số vụ chết người",
            short="Tai nạn chết người",
            unit="vụ",
        ),
    ),
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "tuyên truyền 3 buổi, khám sức khỏe 120 người, tủ sách có rồi, tổ an toàn phải lập mà chưa lập",
            {"talks": 3, "checked": 120, "shelf": 1, "crew_due": 1, "crew": 0},
        ),
        (
            "tuyên truyền pháp luật 2 buổi, quà 45 suất, hỗ trợ 12,5 triệu, tai nạn không có",
            {"talks": 2, "gifts": 45, "aid": 12.5, "accidents": 0},
        ),
        (
            "thuộc diện lập tổ ATVSV, đã lập. Tủ sách chưa. Tai nạn lao động 1 vụ, không chết người",
            {"crew_due": 1, "crew": 1, "shelf": 0, "accidents": 1, "fatal": 0},
        ),
        (
            "kham suc khoe 80 ng, tuyen truyen 1 buoi, tu sach phap luat: co, tai nan 0",
            {"checked": 80, "talks": 1, "shelf": 1, "accidents": 0},
        ),
        (
            "không có tai nạn lao động nào; khám cho 210 công nhân theo diện khám sức khỏe định kỳ; trao 30 suất quà",
            {"accidents": 0, "gifts": 30},
        ),
        (
            "1. 3 buổi\n2. 120\n3. có\n4. có\n5. chưa\n6. 45 suất\n7. 12 triệu\n8. 1 vụ\n9. 0",
            {
                "talks": 3,
                "checked": 120,
                "shelf": 1,
                "crew_due": 1,
                "crew": 0,
                "gifts": 45,
                "aid": 12,
                "accidents": 1,
                "fatal": 0,
            },
        ),
    ],
)
def test_its_rows_are_known_by_their_names(said: str, told: dict[str, float]) -> None:
    reading = parse_report(said, MADE, today=TODAY)
    sure = {key: float(value) for key, value in reading.values.items()}
    assert {key: value for key, value in sure.items() if key in told} == told
    assert reading.is_report


@pytest.mark.parametrize(
    "said", ["tủ sách pháp luật có không?", "khám sức khỏe định kỳ ở đâu, tai nạn thì báo ai?", "tủ sách", "quà tết"]
)
def test_what_asks_or_names_only_a_thing_is_no_report(said: str) -> None:
    assert not parse_report(said, MADE, today=TODAY).is_report


@given(st.data())
@settings(max_examples=examples(60), deadline=None)
def test_every_row_beside_its_figure_is_read(data: st.DataObject) -> None:
    told = {row.key: data.draw(st.integers(0, 1 if row.yes_no else 300)) for row in MADE.asked}
    told["fatal"] = min(told["fatal"], told["accidents"])
    marks = data.draw(st.booleans())
    between = data.draw(st.sampled_from([", ", "; ", "\n"]))
    said = between.join(f"{row.short}: {told[row.key]}" for row in data.draw(st.permutations(MADE.asked)))
    reading = parse_report(said if marks else fold(said), MADE, today=TODAY)
    assert {key: int(value) for key, value in reading.values.items()} == told


def test_it_is_told_from_the_forms_that_ship() -> None:
    forms = (*load_forms(), MADE)
    (made,) = find_reports("tuyên truyền 3 buổi, tủ sách có rồi, quà 45 suất", forms, TODAY)
    assert made.form.id == MADE.id
    assert made.reading.values["gifts"] == Decimal(45)
