"""Topics named by phrases: the longest says what is meant."""

from __future__ import annotations

from knowledge.said_topics import SaidTopics

TOPICS = SaidTopics([(("a", "b"), 1), (("b",), 0), (("c",), 2), (("c", "d"), None)])


def test_within_a_longer_phrase_a_shorter_one_says_nothing() -> None:
    assert TOPICS.named_in(["x", "a", "b"]) == [1]
    assert TOPICS.named_in(["b", "a", "b", "c"]) == [0, 1, 2]


def test_what_only_sounds_like_a_topic_hides_it() -> None:
    assert TOPICS.named_in(["c", "d"]) == []
    assert TOPICS.named_in([]) == []


def test_every_place_of_every_phrase_is_told() -> None:
    assert list(TOPICS.spans(["b", "c", "d"])) == [((0, 1), 0), ((1, 2), 2), ((1, 3), None)]
