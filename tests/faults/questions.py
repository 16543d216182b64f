"""People who ask: every question has to be answered, once, or twice where the first answer was in doubt.

An answer that was in doubt twice is given up and listed: it may be missing.
"""

from __future__ import annotations

from collections import Counter

from bot.sandbox import Player
from storage.messages import MessageState
from tests.e2e.chat import Seat
from tests.faults.invariants import list_troubled
from tests.faults.loads import Load
from tests.faults.rig import Rig

FIRST = 6001
#: Questions whose answers cannot be taken for each other: what is asked, and what only its answer says.
QUESTIONS = (
    ("chỉ tiêu TƯLĐTT 2025 TP.HCM", "80% trở lên"),
    ("đoàn viên 2030 TP.HCM", "1.780.000"),
    ("Bảo Lộc mỗi năm kết nạp bao nhiêu đoàn viên", "từ 500 đến 600"),
    ("chỉ tiêu TƯLĐTT 2045 TP.HCM", "99%"),
)


class Questions(Load):
    """`people` who each ask some of `QUESTIONS`, in turns; nothing is asked before it is fed."""

    def __init__(self, rig: Rig, people: int, each: int = len(QUESTIONS), *, first: int = FIRST) -> None:
        self._sandbox = rig.sandbox
        self._seats: dict[int, Seat] = {}
        for number in range(people):
            rig.sandbox.add_person(Player(first + number, f"Người hỏi {number}"), started=True)
            self._seats[first + number] = rig.chat.seat(first + number)
        self._to_ask = [(person, place) for place in range(each) for person in self._seats]
        self._asked: list[tuple[int, int]] = []
        self.expected = len(self._to_ask)

    def feed(self, share: float) -> None:
        for _ in range(round(len(self._to_ask) * share)):
            person, place = self._to_ask.pop(0)
            self._asked.append((person, place))
            self._sandbox.say(person, QUESTIONS[place][0])

    @property
    def done(self) -> int:
        return sum(count > 0 for count in self.answers().values())

    def answers(self) -> dict[tuple[int, int], int]:
        """How often each question asked so far was answered, by person and place in `QUESTIONS`."""
        texts = {
            person: [message.text for message in self._sandbox.chats[person].shown if message.by_bot]
            for person in self._seats
        }
        return {
            (person, place): sum(QUESTIONS[place][1] in text for text in texts[person]) for person, place in self._asked
        }

    @property
    def is_in_order(self) -> bool:
        """Whether everybody heard the first answers to their questions in the order in which they asked."""
        return all(self._places_heard(person) == self._places_asked(person) for person in self._seats)

    def _places_asked(self, person: int) -> list[int]:
        return [place for who, place in self._asked if who == person]

    def _places_heard(self, person: int) -> list[int]:
        places: list[int] = []
        for message in self._sandbox.chats[person].shown:
            found = [place for place, (_, sign) in enumerate(QUESTIONS) if message.by_bot and sign in message.text]
            places += [place for place in found if place not in places]
        return places

    async def count(self, rig: Rig, doubts: Counter[int]) -> list[str]:
        found = self.answers()
        rig.figures.messages += len(found)
        silent = [asked for asked, count in found.items() if not count]
        given_up = await self._given_up(rig) if silent else Counter()
        lost = []
        for asked in silent:
            given_up[asked[0]] -= 1
            lost += [asked] if given_up[asked[0]] < 0 else []
        more: Counter[int] = Counter()
        for (person, _), count in found.items():
            more[person] += max(0, count - 1)
        doubled = {person: count - doubts[person] for person, count in more.items() if count > doubts[person]}
        rig.figures.lost += len(lost)
        rig.figures.doubled += sum(doubled.values())
        wrong = [f"answers doubled without a doubt: {doubled}"] * bool(doubled)
        for person in dict.fromkeys(person for person, _ in lost):
            wrong += [f"questions not answered: {lost[:5]}", self._seats[person].transcript()]
        return wrong

    async def _given_up(self, rig: Rig) -> Counter[int]:
        """How many answers to each person were given up and stand on the list of what is in doubt."""
        async with rig.database() as database:
            troubled = await list_troubled(database)
        return Counter(each.chat_id for each in troubled if each.state is MessageState.DOUBT)

    def speakers(self) -> list[Seat]:
        return list(self._seats.values())
