"""Questions on the terminal: one answer, JSON, and whole conversations from standard input."""

from __future__ import annotations

import json

from click.testing import CliRunner

from bot.cli import main


def run(*arguments: str, typed: str = "") -> str:
    done = CliRunner().invoke(main, arguments, input=typed)
    assert done.exit_code == 0, done.output
    return done.output


def test_one_question_is_answered_with_its_source() -> None:
    said = run("ask", "chỉ tiêu TƯLĐTT 2025?")
    assert "80%" in said
    assert "A15/KH-CĐCT" in said
    assert "mục II.2" in said


def test_json_holds_the_facts_as_other_programs_read_them() -> None:
    answer = json.loads(run("ask", "--json", "Bảo Lộc mỗi năm tăng bao nhiêu đoàn viên mới"))
    assert answer["status"] == "answered"
    (fact,) = answer["facts"]
    assert (fact["value"], fact["value_max"], fact["comparator"]) == (500, 600, "range")
    assert (fact["unit"], fact["horizon"], fact["section"]) == ("đoàn viên", "annual", "III")
    assert answer["citations"] == ["Thành ủy Bảo Lộc, mục III"]


def test_a_target_in_words_is_qualitative() -> None:
    answer = json.loads(run("ask", "--json", "2045 người lao động là đoàn viên thế nào ở TP.HCM"))
    assert [(fact["comparator"], fact["unit"]) for fact in answer["facts"]] == [("qualitative", None)]


def test_silence_is_no_failure() -> None:
    answer = json.loads(run("ask", "--json", "thời tiết hôm nay"))
    assert answer["status"] == "not_found"
    assert "không có trong các kế hoạch" in answer["text"]
    assert not answer["facts"]


def test_two_readings_are_asked_back() -> None:
    answer = json.loads(run("ask", "--json", "hội nghị bao nhiêu % bảo lộc"))
    assert answer["status"] == "choose"
    assert len(answer["choices"]) > 1
    assert not answer["facts"]


def test_successive_lines_are_one_conversation_and_an_empty_one_begins_anew() -> None:
    lines = run("ask", "--json", "-", typed="tưlđtt 2025 quảng trị\n2030?\n\n2030?\n").splitlines()
    first, second, alone = (json.loads(line) for line in lines)
    assert [fact["value"] for fact in first["facts"]] == [80]
    assert [fact["value"] for fact in second["facts"]] == [85]
    assert alone["facts"] != second["facts"]


def test_the_plans_known_are_listed() -> None:
    said = run("plans", "list")
    assert "A15/KH-CĐCT" in said
    assert len(said.splitlines()) == 5
