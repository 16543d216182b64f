"""Every doubt has its sentence, and readings are told in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from bot.features.plans import fact_words
from knowledge.importing.document import Differing, PageSpot
from knowledge.importing.model import ReadDeadline, ReadTarget, WhyDoubted
from knowledge.model.plan_reviews import ReviewMatter, ReviewRow, ReviewVerdict
from knowledge.model.plans import Comparator
from knowledge.reviewing.asking import Placed

TARGET = ReadTarget(
    section="II.1",
    quote="Từ 80% trở lên <b>doanh nghiệp</b> ký thỏa ước",
    indicator="doanh nghiệp ký thỏa ước",
    value=Decimal(80),
    comparator=Comparator.AT_LEAST,
    unit="%",
    horizon="2028",
)


def row_of(doubt: WhyDoubted) -> ReviewRow:
    content = msgspec.to_builtins(Placed(fact=TARGET, subject="collective_agreement"))
    return ReviewRow(
        place=1, matter=ReviewMatter.TARGET, verdict=ReviewVerdict.DOUBTFUL, content=content, doubt=doubt.value
    )


@pytest.mark.parametrize("doubt", WhyDoubted)
def test_every_doubt_is_told_with_its_source(doubt: WhyDoubted) -> None:
    said = fact_words.described(row_of(doubt))
    assert "<blockquote expandable>Từ 80% trở lên &lt;b&gt;doanh nghiệp&lt;/b&gt; ký thỏa ước</blockquote>" in said
    assert "<b>từ 80% trở lên – đến 2028</b>" in said
    assert said.endswith(".</i>")


@pytest.mark.parametrize(
    ("changed", "shown"),
    (
        ({"horizon": "annual"}, "từ 80% trở lên – hằng năm"),
        ({"horizon": None}, "từ 80% trở lên – không nêu năm"),
        ({"each_year": True}, "từ 80% trở lên – mỗi năm đến 2028"),
    ),
)
def test_a_reading_is_told_in_words(changed: dict[str, object], shown: str) -> None:
    assert fact_words.figure(msgspec.structs.replace(TARGET, **changed)) == shown


@pytest.mark.parametrize(
    ("due", "recurrence", "rule", "shown"),
    (
        (date(2026, 12, 15), None, None, "chậm nhất 15/12/2026"),
        (None, "yearly", "month/12:11.d14", "trước ngày 15/12 hằng năm"),
        (None, "yearly", None, "hằng năm"),
        (None, "every 6 months", None, "trước ngày 15/12 hằng năm"),
    ),
)
def test_a_deadline_is_told_by_its_days(due: date | None, recurrence: str | None, rule: str | None, shown: str) -> None:
    said = "trước ngày 15/12 hằng năm"
    read = ReadDeadline(section="I", quote="q", what="w", when=said, due=due, recurrence=recurrence, rule=rule)
    assert fact_words.when(read) == shown


def test_both_readings_of_a_picture_are_shown() -> None:
    differing = (Differing("75%", "759"), Differing("<b>", ""))
    fact = msgspec.structs.replace(TARGET, spot=PageSpot(1, 10, 20), differing=differing)
    content = msgspec.to_builtins(Placed(fact=fact, subject="collective_agreement"))
    row = msgspec.structs.replace(row_of(WhyDoubted.PASSES_DIFFER), content=content)
    said = fact_words.described(row)
    assert "hai kết quả" in said
    assert "Lần đọc thứ nhất: <b>75%</b>; lần thứ hai: <b>759</b>." in said
    assert said.endswith("Lần đọc thứ nhất: <b>&lt;b&gt;</b>; lần thứ hai: <b>không rõ</b>.")
