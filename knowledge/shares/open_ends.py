"""What is open in shares that were read: units twice, amounts that do not agree, words that nothing explains. Pure."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from knowledge.shares.amounts import Amount
from knowledge.shares.clauses import Clauses
from knowledge.shares.found import ScannedShares
from knowledge.shares.said import ReadShares, SaidShare


def find_doubles(read: ReadShares) -> None:
    """Units of which two different things are said."""
    amounts: dict[int, SaidShare] = {}
    for share in read.shares:
        if not share.match.is_sure:
            continue
        other = amounts.setdefault(share.match.units[0], share)
        if other is not share and (other.amount, other.change) != (share.amount, share.change):
            said = share.amount.said if share.amount is not None else ""
            read.unread.append(f"{share.words} {said}".strip())


def check_whole(read: ReadShares, whole: Amount | None) -> None:
    """An amount for all of them, and one for those that are left, have to agree with what is said of the others."""
    rest = read.total
    named = [share.amount.value or Decimal(0) for share in read.shares if share.amount is not None]
    if read.spread is None and rest is not None and rest.value is not None and sum(named) > rest.value:
        read.unread.append(rest.said)  # hardly what all of them have together
    if whole is None or rest is None or whole.value is None or rest.value is None or not read.is_of_rest:
        return
    if sum(named, rest.value) != whole.value:
        read.unread.append(whole.said)


def find_parts(of: ScannedShares, read: ReadShares) -> None:
    """Percentages beside an amount that is divided, where nothing says that a rate is: they may be parts of it."""
    if read.total is None or read.total.is_percent or any(True for _ in of.phrases.of("rates")):
        return
    said = [*(share.amount for share in read.shares), read.each]
    read.unread += [each.said for each in said if each is not None and each.is_percent]


def find_open_words(of: ScannedShares, read: ReadShares, clauses: Clauses) -> None:
    """Words that say how units are served, or that nothing is sure, and that nothing else explains."""
    if not read.says_shares:
        return
    for each in of.phrases.of("doubting"):
        start, end = clauses.start(each.start), clauses.end(each.end)
        here = any(start <= other.start < end for other in of.amounts)
        if here and not of.phrases.covers(each.start, each.end) and not of.taken[each.start]:
            read.unread.append(of.said(start, end))
    for each in of.phrases.of("open_words"):
        if each.end - each.start == 1 and of.tokens[each.start].text.isascii():
            continue  # "mới", likelier than "mỗi"
        is_alike = of.phrases.at(each.start, "alike") is not None and any(
            0 <= other.start - each.end < 2 for other in of.amounts
        )
        is_part = of.phrases.covers(each.start, each.end) or any(of.taken[each.start : each.end])
        if not is_alike and not is_part:
            read.unread.append(of.said(clauses.start(each.start), clauses.end(each.end)))


def find_unserved(of: ScannedShares, read: ReadShares, clauses: Clauses, served: Collection[int]) -> None:
    """The others, or all, of whom nothing is said that was understood: "mọi đơn vị y chang, riêng X 5"."""
    for each in of.receivers if read.shares and read.spread is None else ():
        start, end = clauses.start(each.start), clauses.end(each.end)
        if each.name.startswith("each") and not any(start <= other.start < end for other in of.amounts):
            read.unread.append(of.said(start, end))
    if read.spread is not None or read.unread:
        return
    for each in of.receivers:
        end = each.end
        while end < len(of.tokens) and not of.ends_sentence(end):
            end += 1
        heads = any(
            each.end <= other.start < end and of.phrases.before(other.start, "alone") is None for other in of.mentions
        )
        later = of.phrases.holds(each.end, end, "later")
        is_left = each.name == "others" or (each.name == "everyone" and not heads)
        if is_left and each.start not in served and not later:
            read.unread.append(of.said(clauses.start(each.start), end))
