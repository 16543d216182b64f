"""Drawing with matplotlib: one thing at a time, for its font cache and settings are shared by every thread."""

from __future__ import annotations

import io
import textwrap
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWING: Final = threading.Lock()
WIDTH, DOTS = 6.4, 200  # inches, dots an inch: 1,280 pixels across
BLUE, GREEN, AMBER, RED, GREY, INK = "#1f5fa8", "#2e8b57", "#e0982b", "#c0392b", "#d7dde4", "#22303c"


def paint(title: str, subtitle: str, height: float, draw: Callable[[Figure], None]) -> bytes:
    """A picture as PNG, `draw` below its heading; takes a while: never inside the event loop."""
    with DRAWING:
        import matplotlib as mpl  # noqa: PLC0415

        mpl.use("Agg")
        from matplotlib.figure import Figure  # noqa: PLC0415

        settings: Any = {
            "font.family": "DejaVu Sans",
            "text.color": INK,
            "axes.labelcolor": INK,
            "text.parse_math": False,
        }
        with mpl.rc_context(settings):
            heading = textwrap.wrap(title, 46)[:3]
            below = textwrap.wrap(subtitle, 76)[:3]
            head = 0.12 + 0.27 * len(heading) + 0.19 * len(below) + 0.1  # inches
            figure = Figure(figsize=(WIDTH, height + head), dpi=DOTS, facecolor="white")
            whole = height + head
            figure.set_layout_engine("constrained", rect=(0, 0, 1, height / whole))
            figure.text(0.02, 1 - 0.1 / whole, "\n".join(heading), fontsize=15, fontweight="bold", va="top")
            under = 1 - (0.14 + 0.27 * len(heading)) / whole
            figure.text(0.02, under, "\n".join(below), fontsize=10.5, color="#55636f", va="top")
            draw(figure)
            out = io.BytesIO()
            figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def add_key(figure: Figure, names: Sequence[tuple[str, str]]) -> None:
    """The key below a picture: names with their colours."""
    from matplotlib.patches import Patch  # noqa: PLC0415

    handles: list[Any] = [Patch(color=color, label=name) for name, color in names]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=11)


def cut(text: str, most: int) -> str:
    """A text of so many letters at most."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
