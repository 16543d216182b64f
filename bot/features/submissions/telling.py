"""Who hears of a report that was just sent, and what: the sender, its officers, who reads reasons, who sent it back."""

from __future__ import annotations

from dataclasses import replace

from bot.features.submissions.sending import Delivered
from bot.features.submissions.words import receipts
from bot.hands.asking import Asking
from bot.road.reply import Reply


def list_told(asking: Asking, delivered: Delivered) -> list[tuple[int, Reply]]:
    """Chats with what each is told; of a report that says nothing new only the sender hears."""
    sent = delivered.submission
    if not delivered.is_new:
        lead = receipts.unchanged(delivered.unit.name, delivered.form, sent.period)
        return [(asking.chat_id, receipts.receipt(delivered, asking.zone, lead=lead))]
    told = [(asking.chat_id, replace(receipts.receipt(delivered, asking.zone), key=f"receipt:{sent.id}"))]
    for person in delivered.officers:
        if person.telegram_id is not None:
            entered = receipts.entered_for_you(delivered, by=asking.asker.name, zone=asking.zone)
            told.append((person.telegram_id, replace(entered, key=f"entered:{sent.id}:{person.id}")))
    for person in delivered.supervisors:
        if person.telegram_id is not None:
            reasons = receipts.with_reasons(delivered, by=asking.asker.name)
            told.append((person.telegram_id, replace(reasons, key=f"reasons:{sent.id}:{person.id}")))
    again = delivered.sent_back_by
    if again is not None and again.telegram_id is not None and again not in delivered.supervisors:
        back = receipts.came_back(delivered, by=asking.asker.name)
        told.append((again.telegram_id, replace(back, key=f"again:{sent.id}:{again.id}")))
    return told
