"""Pictures for a phone: progress towards a target, completeness by unit, twelve months of movement.

Every word comes from the views. Drawing takes a while: never call it inside the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.services.drawing import AMBER, BLUE, GREEN, GREY, INK, RED, add_key, cut, paint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BARS = 20

_PARTS = (GREEN, AMBER, "#8fb3d9", GREY)


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A row of bars or points with its name in the key of the picture; None where there is no figure."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ProgressPicture:
    """Totals over time with the line of the target.

    Attributes:
        labels: one a period, in the order of time.
        values: the total of each; None where nothing was reported.
        goal: the target, drawn as a line across and named `goal_label`.
        needed: where the line of the needed pace begins and ends (index from 0, value); drawn beyond the last value.
        ahead: labels of the points after the last period up to the target's date.
        partial: the points (indices from 0) that lack reports; drawn hollow and off the line, since a gap is no fall.
    """

    title: str
    subtitle: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    value_label: str
    goal: float
    goal_label: str
    needed_label: str = ""
    ahead: str = ""
    show: Callable[[float], str] = str
    partial: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class CompletenessPicture:
    """How many of each unit's reports are in on time, late, brought in from earlier, and missing; the least complete
    first. `names` are those of the four."""

    title: str
    subtitle: str
    units: tuple[str, ...]
    on_time: tuple[int, ...]
    late: tuple[int, ...]
    brought_in: tuple[int, ...]
    missing: tuple[int, ...]
    names: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class MovementPicture:
    """Who came and who left, month by month, and the total above them.

    `partial` totals lack reports, as do `partial_bars`; both are drawn hollow.
    """

    title: str
    subtitle: str
    labels: tuple[str, ...]
    up: ChartLine
    down: ChartLine
    total: ChartLine
    show: Callable[[float], str] = str
    partial: frozenset[int] = frozenset()
    partial_bars: frozenset[int] = frozenset()


def _plot(axes: Axes, known: Sequence[tuple[int, float]], partial: frozenset[int]) -> None:
    """The line of a total through the points that are whole; those that lack reports stand beside it, hollow."""
    full = [(at, value) for at, value in known if at not in partial]
    axes.plot([at for at, _ in full], [value for _, value in full], color=BLUE, linewidth=3, marker="o")
    hollow = [(at, value) for at, value in known if at in partial]
    axes.plot(
        [at for at, _ in hollow],
        [value for _, value in hollow],
        color=BLUE,
        linestyle="none",
        marker="o",
        markersize=9,
        markerfacecolor="white",
        markeredgewidth=2,
    )


def draw_progress(picture: ProgressPicture) -> bytes:
    """The picture as PNG."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        places = range(len(picture.labels))
        known = [(at, value) for at, value in enumerate(picture.values) if value is not None]
        _plot(axes, known, picture.partial)
        axes.axhline(picture.goal, color=RED, linewidth=2, linestyle="--")
        last = len(picture.labels) - 1
        labels = list(picture.labels)
        if known and picture.ahead:
            axes.plot([known[-1][0], last + 2], [known[-1][1], picture.goal], color=AMBER, linewidth=2, linestyle=":")
            axes.plot([last + 2], [picture.goal], color=AMBER, marker="D", markersize=8)
        values = [*(value for _, value in known), picture.goal]
        room = max(values) - min(values) or abs(max(values)) * 0.05 or 1
        axes.set_ylim(min(values) - room * 0.22, max(values) + room * 0.3)
        axes.annotate(
            picture.goal_label,
            (0, picture.goal),
            (0, 6),
            textcoords="offset points",
            color=RED,
            weight="bold",
            size=12,
        )
        if known:
            at, value = known[-1]
            axes.annotate(
                picture.show(value),
                (at, value),
                (8, -16) if picture.ahead else (0, -20),
                textcoords="offset points",
                ha="left" if picture.ahead else "right",
                color=BLUE,
                weight="bold",
                size=12,
            )
        ticks, shown = _thinned(list(places), labels)
        if picture.ahead:
            ticks, shown = [*ticks, last + 2], [*shown, picture.ahead]
        axes.set_xticks(ticks, shown)
        axes.set_xlim(-0.6, last + (2.6 if picture.ahead else 0.6))
        _style(axes, picture.show)
        names = [picture.value_label, *([picture.needed_label] if picture.ahead and picture.needed_label else [])]
        add_key(figure, list(zip(names, (BLUE, AMBER), strict=False)))

    return paint(picture.title, picture.subtitle, 4.5, draw)


def draw_completeness(picture: CompletenessPicture) -> bytes:
    """The picture as PNG; more units than `MOST_BARS` are cut off by the caller."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        places = list(range(len(picture.units)))[::-1]
        parts = (picture.on_time, picture.late, picture.brought_in, picture.missing)
        whole = [max(1, sum(counts)) for counts in zip(*parts, strict=True)]
        before = [0.0] * len(places)
        for counts, color in zip(parts, _PARTS, strict=True):
            shares = [100 * count / total for count, total in zip(counts, whole, strict=True)]
            axes.barh(places, shares, left=before, color=color, height=0.66)
            before = [start + share for start, share in zip(before, shares, strict=True)]
        for at, counts in zip(places, zip(*parts, strict=True), strict=True):
            axes.annotate(f"{sum(counts[:-1])}/{sum(counts)}", (101, at), va="center", size=11, color=INK)
        axes.set_yticks(places, [cut(name, 30) for name in picture.units], size=11)
        axes.set_xlim(0, 114)
        axes.set_xticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"], size=11)
        axes.set_ylim(-0.6, len(places) - 0.4)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.grid(visible=True, color="#e6ebf0")
        axes.set_axisbelow(True)
        named = [*zip(picture.names, _PARTS, strict=True)]
        add_key(figure, named if any(picture.brought_in) else [*named[:2], named[-1]])

    return paint(picture.title, picture.subtitle, 1.1 + 0.36 * len(picture.units), draw)


def draw_movement(picture: MovementPicture) -> bytes:
    """The picture as PNG."""

    def draw(figure: Figure) -> None:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[1, 1.25])
        places = list(range(len(picture.labels)))
        known = [(at, value) for at, value in zip(places, picture.total.values, strict=True) if value is not None]
        _plot(above, known, picture.partial)
        if known:
            low, high = min(value for _, value in known), max(value for _, value in known)
            room = high - low or abs(high) * 0.05 or 1
            above.set_ylim(low - room * 0.35, high + room * 0.45)
            for at, value in {known[0], known[-1]}:
                above.annotate(
                    picture.show(value),
                    (at, value),
                    (0, -18 if (at == known[0][0]) == (value <= known[-1][1]) and len(known) > 1 else 9),
                    textcoords="offset points",
                    ha="center" if at == known[-1][0] else "left",
                    color=BLUE,
                    weight="bold",
                    size=11,
                )
        ups = [value or 0 for value in picture.up.values]
        downs = [-(value or 0) for value in picture.down.values]
        for values, color in ((ups, GREEN), (downs, RED)):
            faces = ["white" if at in picture.partial_bars else color for at in places]
            below.bar(places, values, color=faces, edgecolor=color, linewidth=1.5, width=0.62)
        below.axhline(0, color=INK, linewidth=1)
        room = (max(ups, default=0) - min(downs, default=0)) or 1
        below.set_ylim(min(downs, default=0) - room * 0.16, max(ups, default=0) + room * 0.16)
        for at, up, down in zip(places, ups, downs, strict=True):
            if up:
                below.annotate(
                    f"+{picture.show(up)}",
                    (at, up),
                    (0, 3),
                    textcoords="offset points",
                    ha="center",
                    size=9.5,
                    color=INK,
                )
            if down:
                below.annotate(
                    f"−{picture.show(-down)}",
                    (at, down),
                    (0, -12),
                    textcoords="offset points",
                    ha="center",
                    size=9.5,
                    color=INK,
                )
        below.set_xticks(places, list(picture.labels))
        _style(above, picture.show)
        _style(below, lambda value: picture.show(abs(value)))
        names = (picture.total.name, picture.up.name, picture.down.name)
        add_key(figure, list(zip(names, (BLUE, GREEN, RED), strict=True)))

    return paint(picture.title, picture.subtitle, 5.8, draw)


def _style(axes: Axes, show: Callable[[float], str]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: show(value)))
    axes.tick_params(labelsize=11)
    axes.tick_params(axis="x", labelsize=10)
    axes.yaxis.grid(visible=True, color="#e6ebf0")
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _thinned(places: list[int], labels: list[str]) -> tuple[list[int], list[str]]:
    """At most seven labels, the last one always among them."""
    step = max(1, -(-len(places) // 7))
    chosen = [at for at in places if (places[-1] - at) % step == 0] if places else []
    return chosen, [labels[at] for at in chosen]
