"""Benchmarks met together: how many schools achieve exactly these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.analysis.results_pictures import Combinations
from careerbench.checks import require_between
from careerbench.errors import counted
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hatched, is_hidden, say_hidden

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

_STEP = "plot_combinations"
_COLUMN_INCHES = 0.3
_MATRIX_INCHES = 0.3


def plot_combinations(
    found: Combinations,
    *,
    ax: Axes | None = None,
    most: int = 20,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw which Benchmarks schools achieve together, as an UpSet picture.

    Parameters
    ----------
    found : Combinations
        From ``analysis.combinations``.
    ax : Axes, optional
        Where to draw; without it a new figure.
    most : int, default 20
        How many combinations to show, the most common first; the rest is counted in words.
    labels : mapping, optional
        Benchmark id to short title.

    Returns
    -------
    Axes
        A column for each combination: above, a bar with its number of schools; below, a filled
        mark and a line for each Benchmark that it holds and an open mark for each it does not.
        Each Benchmark's total stands behind its name. The two panels are insets
        (``ax.child_axes``). A number withheld is a hatched bar with the word.

    Raises
    ------
    BadArgumentError
        If ``found`` is not a ``Combinations`` record, or ``most`` is no number from 1 to 60.

    Notes
    -----
    After Lex, A. et al. (2014). UpSet: visualization of intersecting sets. IEEE Transactions on
    Visualization and Computer Graphics, 20(12), 1983-1992.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": list("112233"), "benchmark": ["p1", "p2"] * 3})
    >>> scores["state"] = ["achieved"] * 4 + ["achieved", "partial"]
    >>> above, below = plot_combinations(analysis.combinations(scores)).child_axes
    >>> [name.get_text() for name in below.get_yticklabels()]
    ['p1 (3)', 'p2 (2)']
    """
    theme.require_record(found, Combinations, step=_STEP, hint="analysis.combinations(scores)")
    require_between(most, 0, 61, name="most", step=_STEP)
    table = found.to_frame()
    shown, names = table.head(int(most)), list(found.members.columns)
    look = theme.load_theme()
    width = max(look.sizes["width"], 2.6 + _COLUMN_INCHES * len(shown))
    ax = theme.place_to_draw(ax, width=width, height=3.4 + _MATRIX_INCHES * len(names))
    keep_table(ax, table)
    if not len(table):
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    split = max(0.25, min(0.6, 0.11 * len(names) * 0.62))
    above = ax.inset_axes((0, split + 0.03, 1, 1 - split - 0.03))
    below = ax.inset_axes((0, 0, 1, split))
    _draw_bars(above, shown)
    _draw_matrix(below, found.members.head(len(shown)).to_numpy(dtype=bool))
    _label_benchmarks(below, found, names, labels)
    _dress(ax, above, table, found, len(shown))
    return ax


def _draw_bars(above: Axes, shown: pd.DataFrame) -> None:
    """Draw a bar for each combination with its number on it; a withheld one is hatched."""
    from matplotlib.ticker import MaxNLocator

    look = theme.load_theme()
    hidden = is_hidden(shown, "n_schools")
    counts = shown["n_schools"].fillna(0).to_numpy(dtype=np.float64)
    tallest = max(float(counts.max()), 1.0)
    above.bar(range(len(shown)), counts, width=0.62, color=look.colours[1], zorder=3)
    for place, (count, veiled) in enumerate(zip(counts, hidden, strict=True)):
        if veiled:
            above.bar(place, tallest / 2, width=0.62, zorder=3, **hatched())
            say_hidden(above, (place, tallest / 4), rotation=90)
            continue
        above.annotate(
            f"{count:.0f}", (place, count), xytext=(0, 2), textcoords="offset points",
            ha="center", va="bottom", fontsize=look.sizes["small"], color=look.ink["text"],
        )  # fmt: skip
    above.set_ylim(0, tallest * 1.15)
    above.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    above.set_xlim(-0.6, max(len(shown), 8) - 0.4)


def _draw_matrix(below: Axes, members: np.ndarray) -> None:
    """Draw filled marks where a combination holds a Benchmark, open ones where it does not."""
    look = theme.load_theme()
    n_columns, n_rows = members.shape
    for row in range(0, n_rows, 2):
        below.axhspan(row - 0.5, row + 0.5, color="#f2f2f2", zorder=0, linewidth=0)
    x, y = np.nonzero(members)
    empty_x, empty_y = np.nonzero(~members)
    mark: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 7}
    below.plot(empty_x, empty_y, **mark, color=look.ink["grid"], markerfacecolor="white", zorder=2)
    for column in range(n_columns):
        held = np.flatnonzero(members[column])
        if len(held) > 1:
            below.plot(
                [column, column], [held[0], held[-1]], color=look.ink["text"], linewidth=1.6,
                zorder=3,
            )  # fmt: skip
    below.plot(x, y, **mark, color=look.ink["text"], zorder=4)
    below.set_xlim(-0.6, max(n_columns, 8) - 0.4)
    below.set_ylim(n_rows - 0.5, -0.5)


def _label_benchmarks(
    below: Axes, found: Combinations, names: list[str], labels: Mapping[str, str] | None
) -> None:
    """Write each Benchmark with how many schools achieve it, together with others or not."""
    table = found.to_frame()
    counts = table["n_schools"].to_numpy(dtype=np.float64)
    words = []
    for name in names:
        n = counts[found.members[name].to_numpy(dtype=bool)].sum()
        total = "some hidden" if n != n else f"{n:.0f}"
        words.append(f"{theme.short(theme.named(name, labels), 30)} ({total})")
    below.set_yticks(range(len(names)), words)
    below.set_xticks([])
    below.tick_params(length=0, labelsize=theme.load_theme().sizes["text"] - 1)
    for spine in below.spines.values():
        spine.set_visible(False)


def _dress(ax: Axes, above: Axes, table: pd.DataFrame, found: Combinations, n_shown: int) -> None:
    """Give the whole a title, the bars a scale, and say what is not shown."""
    look = theme.load_theme()
    ax.set_axis_off()
    ax.set_title(found.caption, loc="left", fontsize=look.sizes["title"], color=look.ink["text"])
    theme.dress(above, title="", grid="y")
    above.set_xticks([])
    above.set_ylabel("Schools", fontsize=look.sizes["text"])
    rest = table.iloc[n_shown:]
    said = [counted(found.n_schools, "school")]
    if len(rest):
        n = rest["n_schools"].sum()
        said.append(
            f"{counted(len(rest), 'rarer combination')} ({counted(int(n), 'school')}) not shown"
        )
    if found.n_left_out:
        said.append(f"{counted(found.n_left_out, 'school')} with a Benchmark not scored left out")
    ax.text(
        0, -0.03, theme.wrapped("; ".join(said), 110), transform=ax.transAxes, va="top",
        fontsize=look.sizes["small"], color=look.ink["text"],
    )  # fmt: skip
