"""Colours, symbols and sizes, read from ``theme.toml``; a place to draw; words on the screen."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal

from careerbench.errors import BadArgumentError, counted, did_you_mean
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch


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
    ax.set_title(
        wrapped(title, 60), loc="left", fontsize=theme.sizes["title"], color=theme.ink["text"]
    )
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


def line(**how: Any) -> Line2D:
    """Return a line or mark that stands in a legend only."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **how)


def patch(**how: Any) -> Patch:
    """Return a filled box that stands in a legend only."""
    from matplotlib.patches import Patch

    return Patch(**how)


def find_school(table: pd.DataFrame, school: str | None, *, step: str) -> Any:
    """Return the index of the row of my school; refuse one that is not there."""
    if school is None:
        return None
    mine = table.index[table.iloc[:, 0].astype("str") == str(school)]
    if not len(mine):
        raise BadArgumentError(
            f"{step}: school {str(school)!r} is not in the result.",
            found=counted(len(table), "school"),
            hint=did_you_mean(str(school), table.iloc[:, 0].astype("str")),
        )
    return mine[0]


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
    """Cut a long name in its middle: schools often differ in the last words only.

    Examples
    --------
    >>> short("Saint Bartholomew Primary School North", 24)
    'Saint Bartholo…ool North'
    """
    said = str(label)
    if len(said) <= width:
        return plain(said)
    end = (width - 1) * 2 // 5
    return plain(f"{said[: width - 1 - end].rstrip()}…{said[-end:].lstrip()}")


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
