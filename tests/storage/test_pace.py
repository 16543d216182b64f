"""The pace of sending: never more in a second than is allowed, most of what is, and waits that end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from storage import pace
from storage.engine import Database
from storage.pace import WINDOW, SendingPace
from tests.examples import examples


@settings(deadline=None, max_examples=examples(60))
@given(
    st.integers(15, 40),
    st.lists(st.tuples(st.floats(0, 3), st.integers(1, 50), st.booleans()), min_size=1, max_size=12),
)
def test_no_second_holds_more_than_the_rate(rate: int, claims: list[tuple[float, int, bool]]) -> None:
    now, held, left = 1000.0, SendingPace(), []
    for wait, most, bulk in claims:
        now += wait
        count, held = held.take_slots(now, rate=rate, bulk=bulk, most=most)
        left += [now] * count
    for place, slot in enumerate(left):
        assert sum(1 for other in left[place:] if other - slot < WINDOW - 1e-6) <= rate


def send(held: SendingPace, *, count: int, rate: float, bulk: bool, late: float = 0.0) -> list[float]:
    """When so many leave, each noticed `late` seconds after its slot."""
    now, left = 1000.0, []
    for _ in range(count):
        now = max(now, held.find_slot(now, rate=rate, bulk=bulk) + late)
        held = held.take_slot(now, rate=rate, bulk=bulk)
        left.append(now)
    return left


def test_bulk_uses_most_of_the_rate_even_where_each_is_noticed_a_little_late() -> None:
    for late in (0.0, 0.01):
        left = send(SendingPace(), count=300, rate=30, bulk=True, late=late)
        assert 299 / (left[-1] - left[0]) > 0.93 * 30


def test_a_high_rate_is_spaced_evenly_and_none_is_no_limit() -> None:
    left = send(SendingPace(), count=1000, rate=1000, bulk=False)
    assert 1.0 <= left[-1] - left[0] < 1.1
    assert SendingPace().take_slots(5.0, rate=0, bulk=True, most=7) == (7, SendingPace())


def test_a_clock_set_back_stops_neither_pace_nor_halt() -> None:
    held = SendingPace()
    for _ in range(30):
        held = held.take_slot(1000.0, rate=30, bulk=True)
    assert held.find_slot(0.0, rate=30, bulk=True) == 0.0
    halted = SendingPace(halt_until=25_230.0, halted_at=25_200.0)
    assert halted.halted_for(25_210.0) == 20.0
    assert halted.halted_for(10.0) == 30.0
    assert halted.halted_for(26_000.0) == 0.0


async def test_the_pace_and_a_halt_survive(database: Database) -> None:
    async with database.write() as db:
        assert await pace.lock_pace(db) == SendingPace()
        await pace.keep_pace(db, SendingPace((1.0, 2.0), 3.0))
        await pace.halt(db, 10.0, 40.0)
        await pace.halt(db, 20.0, 20.0)
    async with database.write() as db:
        assert await pace.lock_pace(db) == SendingPace((1.0, 2.0), 3.0, 50.0, 10.0)
        assert await pace.find_pace(db) == SendingPace((1.0, 2.0), 3.0, 50.0, 10.0)
