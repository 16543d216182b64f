"""What answers a question is ranked by what was learned: candidates, likeness, trees, and the voice they make."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import knowledge
from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.forms import load_forms
from knowledge.model.answers import AnswerKind
from knowledge.question import load_understanding
from knowledge.search import index
from knowledge.search.candidates import Sort
from knowledge.search.index import Index, build_index, collect_candidates, digest_of, load_index
from knowledge.search.postings import Pieces, Postings, TermCounts, count_pieces, pieces_of, terms_of
from knowledge.search.ranker import Counted, Lore, RankedQuestion, Ranker, count_asked, learn_pairs, pack, unpack
from knowledge.search.ranks import LAST_RANK, greatest, ranks
from knowledge.search.trees import Forest
from tests.knowledge.examiner import is_told, read_asked

UNDERSTANDING = load_understanding()
CANDIDATES = collect_candidates(UNDERSTANDING, load_forms())
KEPT = Path(knowledge.__file__).parent / "learning" / "models" / index.FILE


def one_split() -> Forest:
    """A tree that asks whether the first feature is above two."""
    return Forest(
        np.array([[0, 0, 0]], dtype=np.int16),
        np.array([[2.0, np.inf, np.inf]], dtype=np.float32),
        np.array([[1, 1, 2]], dtype=np.int16),
        np.array([[2, 1, 2]], dtype=np.int16),
        np.array([[0.0, -3.0, 3.0]], dtype=np.float32),
    )


@pytest.mark.parametrize(("number", "arrives"), [(2.0, 0), (2.0 + 1e-12, 1), (2.0 - 1e-12, 0), (-2.0, 0), (1e9, 1)])
def test_a_number_goes_right_where_it_is_above_the_threshold_however_little(number: float, arrives: int) -> None:
    assert (one_split().predict(np.array([[number]]))[0] > 0.5) == arrives


def test_every_fact_of_the_catalogue_is_a_candidate_with_a_name_of_its_own() -> None:
    ids = [candidate.id for candidate in CANDIDATES]
    assert len(ids) == len(set(ids))
    for plan in UNDERSTANDING.plans.values():
        own = [candidate for candidate in CANDIDATES if candidate.plan == plan.id]
        assert sum(candidate.sort is Sort.TASK for candidate in own) == len(plan.tasks)
        assert sum(candidate.sort is Sort.DEADLINE for candidate in own) == len(plan.deadlines)
        told = {target.id for candidate in own for target in candidate.targets}
        assert told == {target.id for target in plan.targets}


def test_a_section_stands_above_its_parts() -> None:
    sections = {c.ref for c in CANDIDATES if c.sort is Sort.SECTION and c.plan == "quangtri-nq02-2021"}
    assert "III.2" in sections


def test_the_rarer_word_and_the_shorter_text_count_for_more() -> None:
    postings = Postings(TermCounts.of([["a", "b"], ["a", "c", "c"], ["a"] * 9]))
    assert postings.score(postings.spots(["b"]))[0] > 0 == postings.score(postings.spots(["b"]))[1]
    assert postings.explain(["b", "a"], postings.spots(["b", "a"]))[0] == pytest.approx(1.0)
    assert postings.explain(["b", "nowhere"], postings.spots(["b", "nowhere"]))[0] < 1.0
    by_length = postings.score(postings.spots(["a"]))
    assert by_length[0] > by_length[1]


def test_a_slip_leaves_most_pieces_of_a_word() -> None:
    pieces = Pieces(count_pieces([["thoa", "uoc"], ["doi", "thoai"]]))
    likeness = pieces.likeness(["thoa", "uocc"])
    assert likeness[0] > 0.5 > likeness[1]


@given(st.lists(st.lists(st.sampled_from(["thoa", "uoc", "thoai", "ta", "oc"]), max_size=4), min_size=2, max_size=5))
def test_likeness_is_the_cosine_of_pieces_however_often_words_share_them(texts: list[list[str]]) -> None:
    counts = count_pieces(texts)
    table = np.zeros((len(counts.rows), counts.size))
    for place, text in enumerate(texts):
        for piece in (piece for word in text for piece in pieces_of(word)):
            table[counts.rows[piece], place] += 1
    rarity = np.log((1 + counts.size) / (1 + (table > 0).sum(axis=1, keepdims=True))) + 1
    raw = np.where(table > 0, 1 + np.log(np.maximum(table, 1)), 0) * rarity
    raw /= np.maximum(np.sqrt((raw * raw).sum(axis=0)), 1e-9)
    pieces = Pieces(counts)
    for place, text in enumerate(texts):
        assert pieces.likeness(text) == pytest.approx(raw[:, place] @ raw)


@given(st.lists(st.integers(0, 5).map(float), min_size=1, max_size=150), st.integers(1, 160))
def test_the_greatest_and_their_ranks_are_those_of_a_stable_order(scores: list[float], most: int) -> None:
    given_scores = np.array(scores)
    order = np.argsort(-given_scores, kind="stable")
    assert greatest(given_scores, most).tolist() == order[:most].tolist()
    assert ranks(given_scores, order).tolist() == [min(rank, LAST_RANK) for rank in range(len(scores))]


def test_the_best_word_a_text_holds_is_what_it_is_worth() -> None:
    counts = TermCounts.of([["a", "b"], ["b"], ["c"]])
    assert counts.greatest({"a": 2.0, "b": 1.0, "nowhere": 9.0}).tolist() == [2.0, 1.0, 0.0]
    assert counts.greatest({}).tolist() == [0.0, 0.0, 0.0]


@given(st.lists(st.lists(st.sampled_from(["a", "b", "a b", "ư"]), max_size=5), max_size=6))
def test_counts_survive_their_parts(texts: list[list[str]]) -> None:
    counts = TermCounts.of(texts)
    assert are_alike(counts, TermCounts.from_parts(counts.parts()))
    assert counts.size == len(texts)


def are_alike(one: TermCounts, other: TermCounts) -> bool:
    """Whether two tables hold the same."""
    arrays = ((getattr(one, name), getattr(other, name)) for name in ("ends", "at", "times"))
    return one.size == other.size and one.rows == other.rows and all(np.array_equal(*pair) for pair in arrays)


def test_the_index_that_ships_is_that_of_the_catalogue_and_the_lessons() -> None:
    kept = index.unpack(KEPT.read_bytes(), digest_of(UNDERSTANDING, load_forms()))
    assert kept is not None, "plans, forms, glossary or lessons have changed: run `make index`"
    counted = build_index(UNDERSTANDING, load_forms())
    for field in fields(Index):
        same = are_alike(getattr(kept, field.name), getattr(counted, field.name))
        assert same, f"{field.name} are counted in another way now: run `make index`"


def test_an_index_of_something_else_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = load_forms()[1:]
    assert digest_of(UNDERSTANDING, forms) != digest_of(UNDERSTANDING, load_forms())
    assert index.unpack(KEPT.read_bytes(), digest_of(UNDERSTANDING, forms)) is None
    counted = build_index(UNDERSTANDING, forms)
    monkeypatch.setattr(index, "build_index", lambda *_: counted)
    assert load_index(UNDERSTANDING, forms) is counted


def test_terms_are_words_and_neighbours() -> None:
    assert terms_of(["doi", "thoai", "noi"]) == ["doi", "thoai", "noi", "doi thoai", "thoai noi"]


def test_trees_add_up_to_a_probability() -> None:
    low, high = one_split().predict(np.array([[1.0], [5.0]]))
    assert low < 0.1
    assert high > 0.9


@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.integers(0, 999))
def test_the_leaf_that_nobody_marked_is_the_one_a_walk_leads_to(row: list[float], seed: int) -> None:
    chance = np.random.default_rng(seed)
    inner, nodes = 15, 31  # a tree that is full: node n leads to 2n + 1 and 2n + 2
    feature = chance.integers(0, 4, (3, nodes)).astype(np.int16)
    threshold = chance.normal(size=(3, nodes)).astype(np.float32)
    at = np.arange(nodes)
    left, right = (np.where(at < inner, 2 * at + step, at).astype(np.int16) for step in (1, 2))
    value = chance.normal(size=(3, nodes)).astype(np.float32)
    total = 0.0
    for tree in range(3):
        node = 0
        while node < inner:
            node = 2 * node + (2 if row[feature[tree, node]] > threshold[tree, node] else 1)
        total += float(value[tree, node])
    forest = Forest(feature, threshold, np.stack([left] * 3), np.stack([right] * 3), value)
    assert forest.predict(np.array([row])) == pytest.approx([1 / (1 + np.exp(-total))])


def test_a_tree_with_too_many_leaves_is_refused() -> None:
    at = np.arange(35)
    left, right = (np.where(at < 17, 2 * at + step, at)[None].astype(np.int16) for step in (1, 2))
    none = np.zeros((1, 35))
    with pytest.raises(ValueError, match="18 leaves"):
        Forest(none.astype(np.int16), none.astype(np.float32), left, right, none.astype(np.float32))


def test_pairs_are_learned_from_what_goes_together() -> None:
    questions = [(["om"], [frozenset({"kho", "khan"})])] * 9 + [(["luong"], [frozenset({"tien"})])] * 9
    pairs = learn_pairs(questions)
    assert pairs["om"]["kho"] > 0.3
    assert "tien" not in pairs["om"]


def test_what_was_learned_survives_its_file() -> None:
    lore = Lore({"om": {"khan": 1.5, "kho": 2.0}}, [(("om", "dau"), ("plan/task/I#0",)), (("x",), ())])
    read, forest = unpack(pack(lore, one_split()))
    assert read.pairs["om"] == pytest.approx(lore.pairs["om"], abs=0.02)
    assert list(read.questions) == list(lore.questions)
    assert forest.predict(np.array([[5.0]])) == pytest.approx(one_split().predict(np.array([[5.0]])))


def test_a_message_without_words_ranks_nothing() -> None:
    lore = Lore({}, [(("x",), ())])
    ranker = Ranker(CANDIDATES, lore, one_split(), Counted.of(CANDIDATES), count_asked(lore.questions))
    assert ranker.rank(RankedQuestion(words=(), kinds={})) == ()
    assert len(ranker.rank(RankedQuestion(words=("doi", "thoai"), kinds={}))) == 15


@given(st.text(max_size=300))
def test_any_text_gets_an_answer_that_can_be_said(text: str) -> None:
    assert answers.answer(load_adviser().ask(text))


def test_questions_it_learned_from_are_answered() -> None:
    """Memory, not understanding: it says that catalogue and models fit each other."""
    rows = [row for row in read_asked() if row.source and row.kind in {"target", "task", "deadline"}][::9]
    right = sum(is_told(row, to_plain(answers.answer(load_adviser().ask(row.q)))) for row in rows)
    assert right >= 0.88 * len(rows), f"{right} of {len(rows)}"


@pytest.mark.parametrize(
    "asked", ["Công Thương hiện có bao nhiêu đoàn viên", "năm ngoái Quảng Trị kết nạp được bao nhiêu đoàn viên rồi"]
)
def test_results_are_not_targets(asked: str) -> None:
    said = to_plain(answers.answer(load_adviser().ask(asked)))
    assert said.startswith("Các kế hoạch chỉ đặt chỉ tiêu, không có số liệu thực hiện.")


def test_a_quoted_figure_is_judged_against_every_plan() -> None:
    said = to_plain(answers.answer(load_adviser().ask("thỏa ước 2045 99% đúng không")))
    assert said.startswith("Tùy kế hoạch:")
    assert "100%" in said


def test_the_own_plan_speaks_first_even_where_it_is_silent() -> None:
    said = load_adviser().ask("chỉ tiêu thỏa ước 2025?", own=("baoloc-nq02-2021",))
    assert said.kind is AnswerKind.TARGETS
    text = to_plain(answers.answer(said))
    assert text.index("Bảo Lộc không đặt chỉ tiêu") < text.index("80%")
