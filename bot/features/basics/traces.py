"""What the road keeps of a person for some days: what they wrote, and what they were told."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from storage import inbox, messages


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Empty both in somebody's private chat; Telegram's own copy stays on their phone."""
    await inbox.forget_chat(db, f"chat:{telegram_id}")
    await messages.forget_chat(db, telegram_id, datetime.now(UTC))
