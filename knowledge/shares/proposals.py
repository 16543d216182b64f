"""An amount divided among units: evenly, or by weights, so that the parts always add up to it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final

WHOLE: Final = Decimal(1)


def divide(amount: Decimal, weights: Sequence[Decimal], *, step: Decimal = WHOLE) -> list[Decimal]:
    """The parts of an amount by weights, in whole steps, by the method of the largest remainder.

    Whoever has the largest remainder gets a step more, of equals whoever comes first; what is less than a step goes to
    the first. Where all weights are zero, it is divided evenly.

    Args:
        amount: not negative.
        weights: not negative, in the order of the parts.

    Raises:
        ValueError: the amount or a weight is negative.

    Example: 10 by 1, 1, 1 → 4, 3, 3.
    """
    if amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError("an amount is divided by weights from 0 up")
    if not weights:
        return []
    total = sum(weights, Decimal(0))
    shares = [Decimal(1)] * len(weights) if not total else list(weights)
    total = total or Decimal(len(weights))
    steps = (amount / step).to_integral_value(ROUND_FLOOR)
    # Exact: quotients and remainders of whole numbers, never of rounded ones.
    scale = _scale(shares)
    whole = [int(share * scale) for share in shares]
    every, count = int(total * scale), int(steps)
    parts = [divmod(count * weight, every) for weight in whole]
    left = count - sum(part for part, _ in parts)
    first = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:left]
    found = [(part + (place in set(first))) * step for place, (part, _) in enumerate(parts)]
    found[0] += amount - steps * step
    return found


def divide_evenly(amount: Decimal, count: int, *, step: Decimal = WHOLE) -> list[Decimal]:
    """The same for so many units alike: 120 for 7 → 18, 17, 17, 17, 17, 17, 17."""
    return divide(amount, [Decimal(1)] * count, step=step)


def _scale(weights: Sequence[Decimal]) -> int:
    """What all weights are whole numbers in."""
    places = max((-int(weight.normalize().as_tuple().exponent) for weight in weights if weight), default=0)
    return int(10 ** max(0, places))
