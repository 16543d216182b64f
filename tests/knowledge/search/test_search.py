"""What answers a question is ranked by what was learned: candidates, likeness, trees, and the voice they make."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from unittest import mock

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.road.reply import to_plain
from bot.words import answers
from knowledge.answer import Adviser, load_adviser
from knowledge.forms import load_forms
from knowledge.glossary import load_glossary
from knowledge.learning.linear import load_model
from knowledge.model.answers import AnswerKind
from knowledge.model.plans import OwnSubject
from knowledge.plans import load_plans
from knowledge.question import Understanding, load_understanding
from knowledge.search.asking import make_asked
from knowledge.search.candidates import Sort
from knowledge.search.coverage import Coverage
from knowledge.search.index import build_index
from knowledge.search.lore import Lore, learn_pairs, load_asked, load_learned, pack, pieces_of_asked, unpack
from knowledge.search.parts import Shelf
from knowledge.search.pieces import Pieces
from knowledge.search.postings import Postings, TermCounts, count_terms, terms_of
from knowledge.search.ranker import Pairs, RankedQuestion, Ranker
from knowledge.search.ranks import LAST_RANK, greatest, ranks
from knowledge.search.trees import Forest
from knowledge.search.within import Within
from knowledge.search.wordbook import Tokens, Wordbook, pieces_of
from tests.knowledge.examiner import is_told, read_asked

UNDERSTANDING = load_understanding()
CANDIDATES = build_index(UNDERSTANDING, load_forms()).candidates


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


def counted(*texts: Sequence[str]) -> TermCounts:
    """Texts counted, each a single run of words."""
    book = Wordbook()
    return count_terms(Tokens.of(((text,) for text in texts), book), book)


def test_the_rarer_word_and_the_shorter_text_count_for_more() -> None:
    postings = Postings(counted(["a", "b"], ["a", "c", "c"], ["a"] * 9))
    assert postings.score(postings.spots(["b"]))[0] > 0 == postings.score(postings.spots(["b"]))[1]
    assert postings.explain(2, postings.spots(["b", "a"]))[0] == pytest.approx(1.0)
    assert postings.explain(2, postings.spots(["b", "nowhere"]))[0] < 1.0
    by_length = postings.score(postings.spots(["a"]))
    assert by_length[0] > by_length[1]


def test_a_slip_leaves_most_pieces_of_a_word() -> None:
    book = Wordbook()
    pieces = Pieces(Tokens.of([[["thoa", "uoc"]], [["doi", "thoai"]]], book), book)
    likeness = pieces.likeness(["thoa", "uocc"])
    assert likeness[0] > 0.5 > likeness[1]


@given(st.lists(st.lists(st.sampled_from(["thoa", "uoc", "thoai", "ta", "oc"]), max_size=4), min_size=2, max_size=5))
def test_likeness_is_the_cosine_of_pieces_however_often_words_share_them(texts: list[list[str]]) -> None:
    held = [Counter(piece for word in text for piece in pieces_of(word)) for text in texts]
    spreads = Counter(piece for text in held for piece in text)
    rarity = {piece: np.log((1 + len(texts)) / (1 + spread)) + 1 for piece, spread in spreads.items()}

    def cosine(one: Counter[str], other: Counter[str]) -> float:
        raw = [{p: (1 + np.log(n)) * rarity[p] for p, n in text.items()} for text in (one, other)]
        lengths = [np.sqrt(sum(each * each for each in text.values())) or 1.0 for text in raw]
        return float(sum(raw[0][p] * raw[1].get(p, 0.0) for p in raw[0]) / lengths[0] / lengths[1])

    book = Wordbook()
    tokens = Tokens.of(([text] for text in texts), book)
    pieces = Pieces(tokens, book)
    some = np.arange(1, len(texts))
    for place, text in enumerate(texts):
        alike = [cosine(held[place], other) for other in held]
        assert pieces.likeness(text) == pytest.approx(alike)
        assert pieces.likeness_at(text, tokens.pick(some)) == pytest.approx(alike[1:])


@given(st.lists(st.integers(0, 5).map(float), min_size=1, max_size=150), st.integers(1, 160))
def test_the_greatest_and_their_ranks_are_those_of_a_stable_order(scores: list[float], most: int) -> None:
    given_scores = np.array(scores)
    order = np.argsort(-given_scores, kind="stable")
    assert greatest(given_scores, most).tolist() == order[:most].tolist()
    assert ranks(given_scores, order).tolist() == [min(rank, LAST_RANK) for rank in range(len(scores))]


def test_the_best_word_a_text_holds_is_what_it_is_worth() -> None:
    pairs = Pairs(counted(["a", "b"], ["b"], ["c"]), {"x": {"a": 2.0, "b": 1.0, "nowhere": 9.0}, "x y": {"c": 0.5}})
    assert pairs.spread(["x", "y"], None).tolist() == [[2.0, 1.0, 0.0], [0.0, 0.0, 0.5]]
    assert not pairs.spread(["y", "x x"], None).size


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "nowhere"]), max_size=8))
def test_rows_looked_up_together_are_those_of_each_term(words: list[str]) -> None:
    counts = counted(["a", "b", "a"], ["b", "c"], ["d", "c"])
    of_words, of_pairs = counts.rows.of(words)
    assert [*of_words, *of_pairs] == counts.find(terms_of(words))
    beside = [-1 if (row := counts.rows.get(pair)) is None else row for pair in map(" ".join, pairwise(words))]
    assert counts.rows.of_neighbours(words).tolist() == beside


def test_what_each_spot_adds_is_the_same_kept_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> list[list[float]]:
        postings = Postings(counted(["a", "b", "a"], ["b", "c"], ["d", "c", "b"]))
        spots = postings.spots_of(["a", "b", "nowhere"])
        local, shares = Within(postings, np.array([0, 0, 1])).score(3, 2, spots)
        return [each.tolist() for each in (postings.score(spots), local, shares)]

    kept = told()
    for module in ("postings", "within"):
        monkeypatch.setattr(f"knowledge.search.{module}.MOST_KEPT", 0)
    assert told() == kept


def test_names_that_account_for_every_word_need_no_ranking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ranker, "rank", mock.Mock(side_effect=AssertionError("ranked")))
    assert load_adviser().ask("chỉ tiêu phát triển đoàn viên của Quảng Trị").facts


TEXTS = st.lists(st.lists(st.lists(st.sampled_from(["a", "b", "05", "5", "ư"]), max_size=5), max_size=3), max_size=6)


@given(TEXTS, st.integers(1, 5))
def test_terms_are_counted_as_they_stand_however_small_the_stretches(texts: list[list[list[str]]], most: int) -> None:
    book = Wordbook()
    with mock.patch.multiple("knowledge.search.postings", MOST_AT_ONCE=most):
        counts = count_terms(Tokens.of(texts, book), book)
    held = [Counter(term for run in runs for term in terms_of(run)) for runs in texts]
    assert set(counts.rows) == {term for text in held for term in text}
    assert counts.lengths.tolist() == [text.total() for text in held]
    assert counts.count_words().tolist() == [sum(" " not in term for term in text) for text in held]
    for term, row in counts.rows.items():
        spots = counts.spots([row])
        assert dict(zip(spots.at.tolist(), spots.times.tolist(), strict=True)) == {
            place: text[term] for place, text in enumerate(held) if term in text
        }


@given(TEXTS)
def test_what_is_read_from_some_texts_is_what_the_lists_say_of_them(texts: list[list[list[str]]]) -> None:
    book = Wordbook()
    counts = count_terms(Tokens.of(texts, book), book)
    terms, places = list(counts.rows), np.arange(0, len(texts), 2)
    read = counts.spots_at(terms, counts.tokens.pick(places))
    listed = counts.spots([counts.rows[term] for term in terms])
    told = np.repeat(np.arange(len(terms)), listed.sizes)
    wanted = {(row, at): times for row, at, times in zip(told, listed.at, listed.times, strict=True) if at % 2 == 0}
    rows = np.repeat(np.arange(len(terms)), read.sizes)
    assert dict(zip(zip(rows, places[read.at], strict=True), read.times, strict=True)) == wanted


@given(TEXTS)
def test_a_passage_is_found_alike_among_few_and_among_many(texts: list[list[list[str]]]) -> None:
    book = Wordbook()
    counts = count_terms(Tokens.of(texts, book), book)
    words = ["a", "b", "5"]
    few = Coverage(range(len(texts)), counts).find(words, frozenset({"b", "5"}), limit=10)
    patch = mock.patch.multiple
    with patch("knowledge.search.coverage", MOST_AT_WHOLE=0), patch("knowledge.search.postings", FEWEST_ROWS=9):
        many = Coverage(range(len(texts)), counts).find(words, frozenset({"b", "5"}), limit=10)
    assert [each.item for each in few] == [each.item for each in many]
    assert few == [pytest.approx(each) for each in many]


def test_a_number_is_one_word_however_it_is_written() -> None:
    counts = counted(["ngay", "05", "5"], ["ngay", "5"], ["ngay", "6"])
    index = Coverage(range(3), counts)
    assert index.spread("5") == 2
    assert index.knows(("ngay", "5"))
    assert {each.item for each in index.find(["ngay", "5"], frozenset({"5"}))} == {0, 1}


def test_a_catalogue_looked_at_in_part_ranks_what_answers_as_one_looked_at_whole() -> None:
    built = build_index(UNDERSTANDING, load_forms())
    lore, forest = load_learned()
    whole = Ranker(built, lore, forest, load_asked())
    with mock.patch.multiple("knowledge.search.ranker", MOST_AT_WHOLE=0):
        part = Ranker(built, lore, forest, load_asked())
    questions = [row.q for row in read_asked() if row.source][::150]
    named = [load_adviser().names.find(UNDERSTANDING.read(text), ()) for text in questions]
    asked = [make_asked(UNDERSTANDING, each, load_model("questions").predict(each.question.text)) for each in named]
    same = sum(whole.rank(each)[0].candidate == part.rank(each)[0].candidate for each in asked)
    assert same >= 0.95 * len(asked), f"{same} of {len(asked)}"


def test_plans_are_brought_to_words_once_and_anew_where_they_changed() -> None:
    plans, glossary = load_plans(), load_glossary()
    shelf, plain = Shelf(), UNDERSTANDING.fold_words
    first = shelf.parts(plans, glossary, plain)
    again = shelf.parts(plans, glossary, plain)
    assert all(one is other for one, other in zip(first, again, strict=True))
    task = msgspec.structs.replace(plans[0].tasks[0], summary="chưa ai từng viết như vậy")
    changed = msgspec.structs.replace(plans[0], tasks=(task, *plans[0].tasks[1:]))
    third = shelf.parts([changed, *plans[1:]], glossary, plain)
    assert third[0] is not first[0]
    assert third[1:] == first[1:]
    copy = msgspec.convert(msgspec.to_builtins(plans[1]), type=type(plans[1]))
    fourth = shelf.parts([changed, copy, *plans[2:]], glossary, plain)
    assert fourth[1].tokens is first[1].tokens
    assert {id(c.tasks[0]) for c in fourth[1].candidates if c.sort is Sort.TASK} == {id(t) for t in copy.tasks}


def test_a_catalogue_that_nobody_holds_is_gone_at_once() -> None:
    """Its memory is given back when another takes its place, not when the collector comes round."""
    gc.collect()
    gc.disable()
    try:
        plan = load_plans()[0]
        own = OwnSubject(id="own", name="tỷ lệ nhà trọ có tủ sách công nhân")
        targets = (*plan.targets, msgspec.structs.replace(plan.targets[0], id="own-1", indicator=own.id))
        plans = (msgspec.structs.replace(plan, subjects=(own,), targets=targets), *load_plans()[1:])
        adviser = Adviser(Understanding(plans, load_glossary()), load_forms())
        for text in ("chỉ tiêu TƯLĐTT 2025?", "ai chủ trì đối thoại ở nơi làm việc", "mục III.2 nói gì"):
            adviser.ask(text)
        parts = (adviser, adviser.understanding, adviser.names.passages, adviser.learned)
        held: list[weakref.ref[object]] = [weakref.ref(each) for each in parts]
        del parts
        held.append(weakref.ref(adviser.learned._ranker.index.terms))
        del adviser
        assert [each() for each in held] == [None] * len(held)
    finally:
        gc.enable()


def test_candidates_are_found_by_their_names() -> None:
    built = build_index(UNDERSTANDING, load_forms())
    assert [built.place_of(candidate.id) for candidate in built.candidates] == list(range(len(built.candidates)))
    assert built.place_of("nowhere/task/I#0") is None
    assert built.place_of("vuit-soket-2020") is None


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
    lore = Lore(
        {"om": {"khan": 1.5, "kho": 2.0}}, [(("om", "dau"), ("plan/task/I#0", "plan/task/II.1, ý 2#0")), (("x",), ())]
    )
    read, forest = unpack(pack(lore, one_split()))
    assert read.pairs["om"] == pytest.approx(lore.pairs["om"], abs=0.02)
    assert list(read.questions) == list(lore.questions)
    assert forest.predict(np.array([[5.0]])) == pytest.approx(one_split().predict(np.array([[5.0]])))


def test_a_message_without_words_ranks_nothing() -> None:
    lore = Lore({}, [(("x",), ())])
    ranker = Ranker(build_index(UNDERSTANDING, load_forms()), lore, one_split(), pieces_of_asked(lore.questions))
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
