"""Colours, symbols and sizes, read from ``theme.toml``; a place to draw; words on the screen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal

from careerbench.errors import BadArgumentError
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Theme:
    """How figures look: one entry per state, a colour and a marker per series, ink and sizes."""

    states: Mapping[str, Mapping[str, str]]
    absent: Mapping[str, str]
    answers: Mapping[str, Any]
    hidden: Mapping[str, str]
    colours: Sequence[str]
    markers: Sequence[str]
    ink: Mapping[str, str]
    sizes: Mapping[str, float]


@cache
def load_theme() -> Theme:
    """Read the theme once.

    Examples
    --------
    >>> load_theme().states["achieved"]["symbol"]
    '●'
    """
    said = tomllib.loads(files(__package__).joinpath("theme.toml").read_text(encoding="utf-8"))
    series = said["series"]
    parts = {name: said[name] for name in ("states", "absent", "answers", "hidden", "ink", "sizes")}
    return Theme(**parts, colours=series["colours"], markers=series["markers"])


def place_to_draw(ax: Axes | None, *, width: float, height: float) -> Axes:
    """Return the axes given, or axes in a new figure that no global state knows of."""
    if ax is not None:
        return ax
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def dress(ax: Axes, *, title: str, grid: Literal["x", "y"]) -> None:
    """Give axes a title on the left, quiet spines and grid lines along one axis."""
    theme = load_theme()
    ax.set_title(plain(title), loc="left", fontsize=theme.sizes["title"], color=theme.ink["text"])
    ax.spines[["top", "right", "left" if grid == "x" else "bottom"]].set_visible(False)
    ax.grid(axis=grid, color=theme.ink["grid"], linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(length=0, labelsize=theme.sizes["text"], labelcolor=theme.ink["text"])


def show_legend(ax: Axes, handles: Sequence[Any], *, n_columns: int = 3) -> None:
    """Put the legend between title and picture, where it covers nothing."""
    theme = load_theme()
    n_lines = -(-len(handles) // n_columns)
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=min(n_columns, len(handles)),
        frameon=False,
        fontsize=theme.sizes["text"],
        borderaxespad=0.2,
        handletextpad=0.5,
        columnspacing=1.4,
    )
    title = ax.get_title(loc="left")
    ax.set_title(title, loc="left", pad=8 + 15 * n_lines, fontsize=theme.sizes["title"])


def say_nothing_to_draw(ax: Axes, words: str) -> None:
    """Write why there is no picture where the picture would be."""
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", wrap=True)
    ax.set_axis_off()


def wrapped(label: object, width: int | None = None) -> str:
    """Break a long label into lines."""
    text = fill(str(label), width or int(load_theme().sizes["wrap"]), break_long_words=True)
    return plain(text)


def plain(label: object) -> str:
    r"""Keep dollar signs as they are: matplotlib would set what stands between as mathematics.

    Examples
    --------
    >>> print(plain("$5 or $10"))
    \$5 or \$10
    """
    return str(label).replace("$", r"\$")


def short(label: object, width: int = 38) -> str:
    """Cut a long name, and show that it was cut.

    Examples
    --------
    >>> short("Upper Made-up School", 12)
    'Upper Made-…'
    """
    said = str(label)
    return plain(said if len(said) <= width else f"{said[: width - 1].rstrip()}…")


def named(benchmark: object, labels: Mapping[str, str] | None) -> str:
    """Return the short title of a Benchmark, or the name of a school, or else the id."""
    return str((labels or {}).get(str(benchmark), benchmark))


def percent(share: float, *, sign: bool = False) -> str:
    """Show a proportion as a whole percentage, halves up.

    Examples
    --------
    >>> percent(0.875), percent(0.285), percent(0.0), percent(float("nan"))
    ('88%', '29%', '0%', 'no value')
    """
    return f"{half_up(100 * Decimal(repr(float(share))), sign=sign)}%" if _is(share) else "no value"


def require_record(value: object, kind: type, *, step: str, hint: str) -> None:
    """Refuse anything but the result record that a picture draws."""
    if not isinstance(value, kind):
        raise BadArgumentError(
            f"{step}: a {kind.__name__} record is needed.",
            found=type(value).__name__,
            hint=hint,
        )


def _is(value: float) -> bool:
    return value == value
