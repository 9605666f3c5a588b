"""The caterpillar: schools in order, with how uncertain that order is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.analysis.fair_results import Ranks, Shrunken
from careerbench.errors import BadArgumentError, counted
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hide_row, is_hidden
from careerbench.plots.rows import name_schools, row_points, tall
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

_STEP = "plot_caterpillar"


@dataclass(frozen=True)
class Shown:
    """Which columns of a record make a caterpillar, and what its axis is called."""

    value: str
    low: str
    high: str
    words: str
    upwards: bool


def plot_caterpillar(
    found: Shrunken | Ranks,
    *,
    ax: Axes | None = None,
    school: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw each school's figure or rank with its interval, in order.

    Parameters
    ----------
    found : Shrunken or Ranks
        From ``analysis.shrunken_estimates`` or ``analysis.rank_intervals``.
    ax : Axes, optional
        Where to draw; without it a new figure, as tall as its schools need.
    school : str, optional
        The school to mark and name as "my school".
    labels : mapping, optional
        School number to name.

    Returns
    -------
    Axes
        The highest at the top: a filled mark and its interval, for figures also an open mark
        where the school's own figure lies, and a line at the mean of schools (for ranks, at the
        middle). Schools without figures come last and say so; withheld ones are hatched. With
        more schools than can be read, names are thinned.

    Raises
    ------
    BadArgumentError
        If ``found`` is neither record, or has no such school.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> counts = pd.DataFrame({"met": [2, 30, 50, 9], "asked": [4, 98, 125, 60]})
    >>> counts = counts.assign(school_urn=list("abcd"))
    >>> found = analysis.shrunken_estimates(counts, numerator="met", denominator="asked")
    >>> [name.get_text() for name in plot_caterpillar(found).get_yticklabels()]
    ['c', 'a', 'b', 'd']
    """
    shown = shown_of(found, step=_STEP)
    table = found.to_frame()
    mine = theme.find_school(table, school, step=_STEP)
    order = np.argsort(
        table[shown.value].to_numpy(dtype=np.float64) * (-1 if shown.upwards else 1), kind="stable"
    )
    rows = table.iloc[order]
    look = theme.load_theme()
    ax = theme.place_to_draw(ax, width=look.sizes["width"] + 1.2, height=tall(len(rows)) + 0.6)
    keep_table(ax, rows)
    if not len(rows):
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    handles = _draw_rows(ax, rows, shown, found.confidence)
    handles += _draw_middle(ax, found, rows[shown.value])
    _say_what_is_missing(ax, rows, shown)
    theme.dress(ax, title=found.caption, grid="x")
    name_schools(ax, [theme.named(urn, labels) for urn in rows.iloc[:, 0]])
    if mine is not None:
        _mark_mine(ax, list(rows.index).index(mine), theme.named(school, labels))
    _label_axes(ax, rows, shown, found)
    theme.show_legend(ax, handles, n_columns=1)
    return ax


def shown_of(found: object, *, step: str) -> Shown:
    """Say what a caterpillar shows of a record; refuse any other."""
    if isinstance(found, Shrunken):
        words = "Share" if found.method == "beta-binomial" else "Figure"
        return Shown("shrunken", "low", "high", words, upwards=True)
    if isinstance(found, Ranks):
        return Shown(
            "rank_median", "rank_low", "rank_high", "Rank, 1 is the highest", upwards=False
        )
    raise BadArgumentError(
        f"{step}: a Shrunken or Ranks record is needed.",
        found=type(found).__name__,
        hint="analysis.shrunken_estimates(data, ...) or analysis.rank_intervals(data, ...)",
    )


def _draw_rows(ax: Axes, rows: pd.DataFrame, shown: Shown, confidence: float) -> list[Any]:
    """Draw intervals and marks; hand back one of each for the legend."""
    look = theme.load_theme()
    points = row_points(ax, len(rows))
    size = float(np.clip(points * 0.4, 2.0, 6.0))
    places = np.arange(len(rows))
    width = float(np.clip(points * 0.12, 0.6, 1.6))
    ax.hlines(
        places, rows[shown.low], rows[shown.high], color=look.colours[1], linewidth=width, zorder=2
    )
    filled: dict[str, Any] = {"linestyle": "none", "marker": "o", "color": look.colours[1]}
    ax.plot(rows[shown.value], places, markersize=size, zorder=4, **filled)
    words = f"{shown.value.replace('_', ' ')}, with {theme.percent(confidence)} interval"
    handles = [theme.line(label=words, **{**filled, "linestyle": "-"})]
    if "raw" in rows.columns:
        own: dict[str, Any] = {"linestyle": "none", "marker": "D", "color": look.colours[0]}
        own |= {"markerfacecolor": "white"}
        ax.plot(rows["raw"], places, markersize=size * 0.8, zorder=3, **own)
        handles.append(theme.line(label="the school's own figure", **own))
    return handles


def _draw_middle(ax: Axes, found: Shrunken | Ranks, values: pd.Series) -> list[Any]:
    """Draw the line that schools are compared with."""
    look = theme.load_theme()
    n = int(values.notna().sum())
    if not n:
        return []
    if isinstance(found, Shrunken):
        centre, words = found.centre, "mean of schools"
    else:
        centre, words = (n + 1) / 2, "middle rank"
    ax.axvline(centre, color=look.ink["text"], linestyle=":", linewidth=1.0, zorder=1)
    return [theme.line(color=look.ink["text"], linestyle=":", label=words)]


def _say_what_is_missing(ax: Axes, rows: pd.DataFrame, shown: Shown) -> None:
    """Hatch what is withheld, and write where there are no figures."""
    hidden = is_hidden(rows, shown.value)
    blank = rows[shown.value].isna().to_numpy(dtype=bool)
    for place in np.flatnonzero(hidden).tolist():
        hide_row(ax, place, height=0.8)
    for place in np.flatnonzero(blank & ~hidden).tolist():
        ax.text(
            0.01, place, "no figures", transform=ax.get_yaxis_transform(), va="center",
            fontsize=min(7.5, row_points(ax, len(rows)) * 0.8),
        )  # fmt: skip


def _mark_mine(ax: Axes, place: int, name: str) -> None:
    """Point at my school from the right, in words."""
    look = theme.load_theme()
    ax.axhspan(place - 0.5, place + 0.5, color=look.ink["grid"], zorder=0, linewidth=0)
    ax.annotate(
        f"◀ my school:\n{theme.wrapped(theme.short(name, 44), 22)}",
        (1, place),
        xytext=(6, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        fontsize=look.sizes["small"],
        fontweight="bold",
        color=look.ink["text"],
        va="center",
        annotation_clip=False,
    )


def _label_axes(ax: Axes, rows: pd.DataFrame, shown: Shown, found: Shrunken | Ranks) -> None:
    """Write what is measured below; the highest stands at the top."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.set_ylim(len(rows) - 0.4, -0.6)
    n_blank = int(rows[shown.value].isna().sum())
    said = f"; {counted(n_blank, 'school')} without" if n_blank else ""
    ax.set_xlabel(f"{shown.words}{said}", fontsize=theme.load_theme().sizes["text"])
    if isinstance(found, Ranks):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
        ax.set_xlim(max(1, len(rows)) + 0.5, 0.5)
    elif found.method == "beta-binomial":
        ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: theme.percent(round(share, 6))))
    else:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: half_up(value, places=1)))
