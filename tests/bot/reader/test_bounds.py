"""A reader is asked so often and no oftener, is left alone after failures, and is not asked twice about one thing."""

from bot.reader.bounds import AT_ONCE, FAILURES, LONGEST_REST, PER_DAY, PER_MINUTE, REST, Bounds, Memory
from bot.reader.frame import Frame
from knowledge.meanings import Meaning


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def asked(bounds: Bounds, *, well: bool = True) -> None:
    bounds.begin()
    bounds.succeed() if well else bounds.fail()


def test_so_many_a_minute() -> None:
    hand = Hand()
    bounds = Bounds(hand)
    for _ in range(PER_MINUTE):
        assert bounds.is_free()
        asked(bounds)
    assert not bounds.is_free()
    hand.now += 60
    assert bounds.is_free()


def test_so_many_a_day() -> None:
    hand = Hand()
    bounds = Bounds(hand)
    for _ in range(PER_DAY):
        hand.now += 3
        assert bounds.is_free()
        asked(bounds)
    hand.now += 60
    assert not bounds.is_free()
    hand.now += 86_400
    assert bounds.is_free()


def test_so_many_at_once() -> None:
    bounds = Bounds(Hand())
    for _ in range(AT_ONCE):
        assert bounds.is_free()
        bounds.begin()
    assert not bounds.is_free()
    bounds.succeed()
    assert bounds.is_free()


def test_after_failures_it_is_left_alone_longer_and_longer() -> None:
    hand = Hand()
    bounds = Bounds(hand)
    for _ in range(FAILURES):
        assert bounds.is_free()
        asked(bounds, well=False)
    rest = REST
    for _ in range(6):
        hand.now += rest - 0.1
        assert not bounds.is_free()
        hand.now += 0.2
        assert bounds.is_free()
        bounds.begin()
        assert not bounds.is_free(), "one trial at a time"
        bounds.fail()
        rest = min(rest * 2, LONGEST_REST)
    hand.now += LONGEST_REST
    asked(bounds)
    for _ in range(FAILURES - 1):
        asked(bounds, well=False)
    assert bounds.is_free(), "a success begins the count anew"


def test_several_failures_at_once_are_one_rest() -> None:
    hand = Hand()
    bounds = Bounds(hand)
    asked(bounds, well=False)
    for _ in range(AT_ONCE):
        bounds.begin()
    for _ in range(AT_ONCE):
        bounds.fail()
    hand.now += REST + 0.1
    assert bounds.is_free()


def test_marks_case_and_signs_are_one_message() -> None:
    memory = Memory()
    memory.keep("Ai ký văn bản?", Frame(Meaning.PLANS))
    assert memory.find(" ai ky van ban ") == Frame(Meaning.PLANS)
    assert memory.find("ai ký văn bản nào") is None


def test_what_was_longest_not_met_is_forgotten() -> None:
    memory = Memory(most=2)
    for said in ("một hai", "ba bốn"):
        memory.keep(said, Frame(Meaning.HELP))
    memory.find("một hai")
    memory.keep("năm sáu", Frame(Meaning.HELP))
    assert memory.find("ba bốn") is None
    assert memory.find("một hai") is not None
