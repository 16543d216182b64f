"""The outbox: written once, claimed in order, marked only by whoever holds it; and the common pace."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage import chats, conversations, feedback, messages
from storage.engine import Database
from storage.mail import MessageKind, NewMessage
from storage.messages import Claim, MessageState, Outcome
from storage.purge import purge
from storage.schema import outbox

LEASE = timedelta(seconds=60)


def claim(epoch: float = 1000.0) -> Claim:
    return Claim(1, LEASE, epoch)


def new(chat: int, key: str, kind: MessageKind = MessageKind.REPLY, **more: object) -> NewMessage:
    return NewMessage(chat, "{}", kind, key, **more)  # type: ignore[arg-type]


async def test_one_key_is_one_message(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [new(1, "a"), new(2, "a"), NewMessage(3, "{}"), NewMessage(3, "{}")], now)
        await messages.enqueue(db, [new(4, "a")], now)
        taken = await messages.claim(db, now, claim(), most=10, bulk=False)
    assert [outgoing.chat_id for outgoing in taken] == [1, 3]


async def test_replies_go_first_and_bulk_one_a_chat(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(
            db,
            [
                new(1, "broadcast", MessageKind.BROADCAST),
                new(1, "reminder", MessageKind.REMINDER),
                new(2, "reminder2", MessageKind.REMINDER),
                new(1, "receipt", MessageKind.RECEIPT),
                new(1, "later", not_before=now + timedelta(hours=1)),
                new(1, "reply"),
            ],
            now,
        )
        replies = await messages.claim(db, now, claim(), most=10, bulk=False)
        assert [outgoing.key for outgoing in replies] == ["receipt"]
        await messages.finish(db, [Outcome(replies[0].id, replies[0].generation, MessageState.SENT)], now)
        replies = await messages.claim(db, now, claim(), most=10, bulk=False)
        assert [outgoing.key for outgoing in replies] == ["reply"]
        bulk = await messages.claim(db, now, claim(1000.5), most=10, bulk=True)
        assert [outgoing.key for outgoing in bulk] == ["reminder2"]
        bulk = await messages.claim(db, now, claim(1002.0), most=10, bulk=True)
        assert [outgoing.key for outgoing in bulk] == ["reminder"]


async def test_a_message_waits_behind_one_of_its_chat_that_is_not_done(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [new(1, "a")], now)
        (first,) = await messages.claim(db, now, claim(), most=10, bulk=False)
        await messages.enqueue(db, [new(1, "b"), new(2, "c")], now)
        assert [o.key for o in await messages.claim(db, now, claim(), most=10, bulk=False)] == ["c"]
        again = now + timedelta(seconds=9)
        await messages.finish(db, [Outcome(first.id, first.generation, MessageState.DUE, again_at=again)], now)
        assert await messages.claim(db, now, claim(), most=10, bulk=False) == []
        assert [o.key for o in await messages.claim(db, again, claim(), most=10, bulk=False)] == ["a"]


async def test_a_late_mark_of_a_lost_claim_changes_nothing(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [new(1, "a")], now)
        (old,) = await messages.claim(db, now, Claim(7, LEASE, 1000.0), most=10, bulk=False)
        (abandoned,) = await messages.find_abandoned(db, alive=[1])
        await messages.finish(db, [Outcome(abandoned.id, abandoned.generation, MessageState.DUE, doubted=True)], now)
        (taken,) = await messages.claim(db, now, claim(), most=10, bulk=False)
        await messages.finish(db, [Outcome(old.id, old.generation, MessageState.DEAD)], now)
        assert await messages.find_abandoned(db, alive=[1]) == []
        await messages.finish(db, [Outcome(taken.id, taken.generation, MessageState.SENT, message_id=77)], now)
        found = await messages.find_delivery(db, "a")
        assert found is not None
        assert (found.state, found.message_id, found.doubts, found.doubted_at) == (MessageState.SENT, 77, 1, now)
        assert await messages.find_message_id(db, "a") == 77
        assert [delivery.key for delivery in await messages.list_troubled(db, since=now)] == ["a"]
        assert set(await messages.find_deliveries(db, ["a", "unknown"])) == {"a"}


async def test_a_message_can_be_taken_back_until_it_leaves(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [new(1, "a"), new(1, "b")], now)
        assert await messages.withdraw(db, "a", now)
        assert [o.key for o in await messages.claim(db, now, claim(), most=10, bulk=False)] == ["b"]
        assert not await messages.withdraw(db, "b", now)


async def test_a_moved_group_and_a_held_one(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [new(-1, "a"), new(-2, "b")], now)
        await messages.move_chat(db, -1, -100)
        await messages.hold_chat(db, -2, now + timedelta(seconds=30), now)
        assert [o.chat_id for o in await messages.claim(db, now, claim(), most=10, bulk=False)] == [-100]
        later = now + timedelta(seconds=30)
        assert [o.chat_id for o in await messages.claim(db, later, claim(), most=10, bulk=False)] == [-2]


async def test_replies_are_forgotten_and_words_of_the_rest(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [new(1, "reply"), new(1, "reminder", MessageKind.REMINDER)], now)
        taken = await messages.claim(db, now, claim(), most=9, bulk=False)
        taken += await messages.claim(db, now, claim(9e9), most=9, bulk=True)
        await messages.finish(db, [Outcome(o.id, o.generation, MessageState.SENT) for o in taken], now)
    assert await purge(database, messages.stale(now + timedelta(days=31))) == 2
    async with database.read() as db:
        assert await messages.find_delivery(db, "reply") is None
        assert await messages.find_delivery(db, "reminder") is not None


async def test_files_are_kept_by_their_hash(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.keep_file(db, "h", b"content", now)
        await messages.keep_file(db, "h", b"content", now)
        assert await messages.get_file(db, "h") == b"content"
        with pytest.raises(LookupError):
            await messages.get_file(db, "other")


async def test_a_claim_of_a_dead_process_is_free_at_once(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [new(1, "a"), new(2, "b")], now)
        await messages.claim(db, now, claim(), most=10, bulk=False)
        assert await messages.find_abandoned(db, alive=[1, 2]) == []
        assert [o.key for o in await messages.find_abandoned(db, alive=[2])] == ["a", "b"]
        assert [o.key for o in await messages.find_abandoned(db)] == ["a", "b"]


async def test_a_claim_whose_commit_nobody_answered_was_never_sent(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [new(1, "a"), new(2, "b")], now)
        a, _ = await messages.claim(db, now, claim(1000.0), most=10, bulk=False)
        assert await messages.find_unsent(db, claim(1004.0), [a.id]) == []
        assert [o.key for o in await messages.find_unsent(db, claim(1006.0), [a.id])] == ["b"]
        assert await messages.find_unsent(db, Claim(2, LEASE, 1006.0), [a.id]) == []


async def test_what_a_turn_says_leaves_at_once_unless_another_is_before_it(database: Database, now: datetime) -> None:
    async with database.write() as db:
        taken = await messages.enqueue_leaving(db, [new(1, "a"), new(1, "b"), new(2, "c"), new(2, "c")], now, claim())
        assert [(o.key, o.generation) for o in taken] == [("a", 1), ("c", 1)]
        assert await messages.claim(db, now, claim(), most=10, bulk=False) == []
        await messages.finish(db, [Outcome(o.id, o.generation, MessageState.SENT) for o in taken], now)
        assert [o.key for o in await messages.claim(db, now, claim(), most=10, bulk=False)] == ["b"]
        assert await messages.enqueue_leaving(db, [new(1, "d")], now, claim()) == []


async def test_a_clock_set_back_ends_every_wait(database: Database, now: datetime) -> None:
    ahead = now + timedelta(hours=7)
    async with database.write() as db:
        await messages.enqueue(db, [new(1, "a"), new(-2, "b"), new(3, "c")], ahead)
        (a, _, _) = await messages.claim(db, ahead, claim(), most=10, bulk=False)
        again = ahead + timedelta(seconds=60)
        await messages.finish(db, [Outcome(a.id, a.generation, MessageState.DUE, again_at=again)], ahead)
        assert not await messages.is_due(db, ahead)
        assert await messages.is_due(db, now)
        assert [o.key for o in await messages.claim(db, now, claim(), most=10, bulk=False)] == ["a"]


async def test_a_message_is_reworded_until_it_is_claimed(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [NewMessage(1, "a", key="k", not_before=now + timedelta(minutes=10))], now)
        await messages.reword(db, NewMessage(1, "b", key="k"), now)
        await messages.reword(db, NewMessage(1, "c", key="another"), now)
        (claimed,) = await messages.claim(db, now, claim(), most=9, bulk=False)
        await messages.reword(db, NewMessage(1, "d", key="k"), now)
        assert claimed.body == "b"
        assert await db.scalar(select(outbox.c.body)) == "b"


async def test_chats_are_known_as_addresses(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await chats.note_heard(db, [1, 2], now)
        assert await chats.note_unreachable(db, 1, "blocked", now)
        assert not await chats.note_unreachable(db, 1, "blocked", now)
        assert not (await chats.find_chats(db, [1, 3]))[1].is_reachable
        later = now + timedelta(days=1)
        assert [(await chats.find_chats(db, [1]))[1].is_tried(at) for at in (now, later)] == [False, True]
        assert not await chats.note_unreachable(db, 1, "blocked", later)
        assert not (await chats.find_chats(db, [1]))[1].is_tried(later)
        await chats.note_heard(db, [1], now)
        chat = await chats.find_chat(db, 1)
        assert chat is not None and chat.is_reachable and chat.heard_at == now
        await chats.note_migrated(db, -5, -100)
        await chats.forget(db, 1)
        assert await chats.find_chat(db, 1) is None


async def test_a_context_belongs_to_a_person_in_a_chat_and_a_button_to_its_owner(
    database: Database, now: datetime
) -> None:
    async with database.write() as db:
        await conversations.keep_context(db, -1, 7, {"subject": "tuldtt"}, now)
        await conversations.keep_context(db, -1, 8, {"subject": "dv"}, now)
        await conversations.keep_context(db, -1, 7, {"subject": "bnc"}, now)
        assert await conversations.find_context(db, -1, 7, since=now) == {"subject": "bnc"}
        assert await conversations.find_context(db, -1, 7, since=now + timedelta(hours=1)) is None
        token = await conversations.keep_button(db, {"do": "x"}, now, person_id=7)
        assert await conversations.find_button(db, token, person_id=7) == {"do": "x"}
        assert await conversations.find_button(db, token, person_id=8) is None
        assert await conversations.find_button(db, "forged", person_id=7) is None
        await conversations.drop_context(db, -1, 8)
        await conversations.forget_person(db, 7)
        assert await conversations.find_context(db, -1, 7, since=now) is None
        assert await conversations.find_context(db, -1, 8, since=now) is None
    assert await purge(database, conversations.stale(now)) == 0


async def test_missed_questions_are_counted_without_who_asked(database: Database, now: datetime) -> None:
    today = now.date()
    async with database.write() as db:
        for question in ("Lương  tháng 13?", "lương tháng 13?", "gọi 0912 345 678 hoặc a@b.vn"):
            await feedback.record_missed(db, question, today)
        assert await feedback.record_vote(db, "chỉ tiêu đv", good=True, ballot="t1", on=today)
        assert not await feedback.record_vote(db, "chỉ tiêu đv", good=True, ballot="t1", on=today)
        assert await feedback.record_vote(db, "chỉ tiêu đv", good=False, ballot="t1", on=today)
        found = await feedback.list_missed(db)
        assert [(row.question, row.missed, row.voted_up, row.voted_down) for row in found] == [
            ("lương tháng 13?", 2, 0, 0),
            ("chỉ tiêu đv", 0, 0, 1),
            ("gọi … hoặc …", 1, 0, 0),
        ]
    assert await purge(database, feedback.stale(now + timedelta(days=400))) == 4
    async with database.read() as db:
        assert await feedback.list_missed(db) == []
