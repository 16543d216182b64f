"""Tables of questions: their contexts, the buttons under answers, and unanswered ones."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table, Text

from storage.schema.columns import UtcDateTime, metadata

# What the last question in a chat was about, for the questions that lean on it: one row a person and chat.
conversations = Table(
    "conversations",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("context", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

# What a button stands for: Telegram carries 64 bytes and lets them be forged, so it carries a random token.
buttons = Table(
    "buttons",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("person_id", BigInteger),
    Column("payload", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# Questions that found nothing or were voted on, counted, without who asked.
missed_questions = Table(
    "missed_questions",
    metadata,
    Column("question", String(200), primary_key=True),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("voted_up", Integer, nullable=False, server_default="0"),
    Column("voted_down", Integer, nullable=False, server_default="0"),
    Column("last_on", Date, nullable=False),
)

# One vote an answer shown; `ballot` is a hash of the answer's own token, so it names nobody.
ballots = Table(
    "ballots",
    metadata,
    Column("ballot", String(64), primary_key=True),
    Column("question", String(200), nullable=False),
    Column("good", Boolean, nullable=False),
    Column("voted_on", Date, nullable=False, index=True),
)
