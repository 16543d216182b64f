"""A picture for a phone: how far units are in a goal, the furthest behind first.

Every word comes from the views. Drawing takes a while: never call it inside the event loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.services.drawing import AMBER, BLUE, GREEN, GREY, INK, add_key, cut, paint

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_BARS: Final = 20


@dataclass(frozen=True, slots=True)
class SharePicture:
    """Units with the part of their share that they have reached.

    Attributes:
        units: their names; `parts` (1 is all) and `labels` stand beside them.
        states: 0 reached, 1 as far as it should be by now, 2 behind; `names` tell them in the key.
    """

    title: str
    subtitle: str
    units: tuple[str, ...]
    parts: tuple[float, ...]
    labels: tuple[str, ...]
    states: tuple[int, ...]
    names: tuple[str, str, str]


def draw_shares(picture: SharePicture) -> bytes:
    """The picture as PNG; more units than `MOST_BARS` are cut off by the caller."""
    colors = (GREEN, BLUE, AMBER)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        places = list(range(len(picture.units)))[::-1]
        axes.barh(places, [100.0] * len(places), color=GREY, height=0.66)
        shares = [min(100.0, max(0.0, 100 * part)) for part in picture.parts]
        axes.barh(places, shares, color=[colors[state] for state in picture.states], height=0.66)
        for at, label in zip(places, picture.labels, strict=True):
            axes.annotate(label, (101, at), va="center", size=11, color=INK)
        axes.set_yticks(places, [cut(name, 30) for name in picture.units], size=11)
        axes.set_xlim(0, 128)
        axes.set_xticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"], size=11)
        axes.set_ylim(-0.6, len(places) - 0.4)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_axisbelow(True)
        add_key(figure, list(zip(picture.names, colors, strict=True)))

    return paint(picture.title, picture.subtitle, 1.1 + 0.36 * len(picture.units), draw)
