"""What is said: refused where Telegram would refuse it, and cut where it is too long."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.road.reply import Attachment, Button, MessageKind, Reply, split_html, to_messages, to_plain, utf16_length
from tests.examples import examples

pieces = st.one_of(
    st.text(alphabet="abc ưđ😀", min_size=1, max_size=60),
    st.sampled_from(["<b>", "</b>", "<i>", "</i>", "&lt;", "&amp;", "\n", "\n\n", "x" * 90]),
)


def balanced(parts: list[str]) -> str:
    """The parts with tags opened and closed properly."""
    opened: list[str] = []
    text = ""
    for part in parts:
        if part.startswith("</"):
            if opened and opened[-1] == part[2:-1]:
                opened.pop()
                text += part
        elif part in ("<b>", "<i>"):
            if part[1:-1] not in opened:
                opened.append(part[1:-1])
                text += part
        else:
            text += part
    return text + "".join(f"</{name}>" for name in reversed(opened))


@settings(deadline=None, max_examples=examples(150))
@given(st.lists(pieces, max_size=60).map(balanced))
def test_pages_are_short_enough_whole_html_and_say_everything(text: str) -> None:
    pages = split_html(text, 200)
    for page in pages:
        assert utf16_length(page) <= 200
        opened: list[str] = []
        for slash, name in re.findall(r"<(/?)(\w+)>", page):
            if slash:
                assert opened.pop() == name
            else:
                opened.append(name)
        assert opened == []
        assert re.sub(r"&(lt|amp);|</?[bi]>", "", page).count("&") == 0
    said = re.sub(r"\s", "", "".join(to_plain(page) for page in pages))
    assert said == re.sub(r"\s", "", to_plain(text))


def test_a_cut_falls_between_lines() -> None:
    text = "\n".join(f"<b>dòng {number}</b> " + "chữ " * 20 for number in range(100))
    pages = split_html(text)
    assert len(pages) > 1
    assert all(page.startswith("<b>dòng") for page in pages)


def test_long_text_goes_out_in_pages_with_the_buttons_under_the_last() -> None:
    rows = to_messages(7, Reply("dòng\n" * 2000, buttons=((Button("Gửi", "x"),),), key="k", kind=MessageKind.RECEIPT))
    bodies = [json.loads(row.body) for row in rows]
    assert [row.key for row in rows] == ["k", "k#2", "k#3"]
    assert ["buttons" in body for body in bodies] == [False, False, True]
    assert {row.kind for row in rows} == {MessageKind.RECEIPT}


def test_a_caption_that_is_too_long_follows_its_file() -> None:
    short, *none = to_messages(7, Reply("ngắn", photo=Attachment(b"x", "a.png")))
    assert none == []
    assert json.loads(short.body)["text"] == "ngắn"
    file, text = to_messages(7, Reply("dài " * 400, photo=Attachment(b"x", "a.png")))
    assert "text" not in json.loads(file.body)
    assert "photo" not in json.loads(text.body)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Button("x", "d" * 65),
        lambda: Button("x", "ư" * 33),
        lambda: Button("x"),
        lambda: Button("x", "d", url="https://e.vn"),
        lambda: Button(" ", "d"),
        lambda: Reply("x", buttons=((Button("a", "b"),),), keyboard=(("c",),)),
        lambda: Reply("  "),
        lambda: Reply("x", photo=Attachment(b"", "a"), document=Attachment(b"", "b")),
    ],
)
def test_what_telegram_would_refuse_is_refused_here(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        wrong()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("ke-hoach 2026.docx", "ke-hoach 2026.docx"),
        ("Kế hoạch số 31.pdf", "Kế hoạch số 31.pdf"),
        ("../../etc/cron.d/x.xlsx", "etc-cron.d-x.xlsx"),
        ("..\\..\\win.ini", "win.ini"),
        ("a\u202excod.exe", "a-xcod.exe"),
        ("a\n\x00b.xlsx", "a-b.xlsx"),
        ("/", "file"),
        ("x" * 300 + ".xlsx", "x" * 116 + ".xlsx"),
        ("." * 9, "file"),
    ],
)
def test_a_file_that_is_sent_has_a_name_that_leads_nowhere(written: str, safe: str) -> None:
    assert Attachment(b"", written).name == safe
