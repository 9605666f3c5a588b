"""Before and after: one dumbbell for each Benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.results import Change
from careerbench.errors import BadArgumentError
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hide_row, is_hidden, say_count
from careerbench.plots.series import say
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

_STEP = "plot_change"
_MOST_ROWS = 60


def plot_change(
    change: Change, *, ax: Axes | None = None, labels: Mapping[str, str] | None = None
) -> Axes:
    r"""Draw the share of matched schools before and after, for each Benchmark.

    Parameters
    ----------
    change : Change
        From ``analysis.change``; at most sixty rows.
    ax : Axes, optional
        Where to draw; without it a new figure, as tall as it needs to be.
    labels : mapping, optional
        Benchmark id to short title.

    Returns
    -------
    Axes
        One row per Benchmark (and group): an open circle before, a filled one after, the number
        of matched schools under the label, and the change with its interval at the right.

    Raises
    ------
    BadArgumentError
        If ``change`` is not a ``Change`` record, or has more than sixty rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": ["1", "1"], "wave": ["before", "after"]})
    >>> scores = scores.assign(benchmark="p1", state=["partial", "achieved"])
    >>> ax = plot_change(analysis.change(scores, before="before", after="after"))
    >>> ax.get_yticklabels()[0].get_text()
    'p1\nn = 1 matched'
    """
    theme.require_record(change, Change, step=_STEP, hint="analysis.change(scores, ...)")
    table = change.to_frame()
    if len(table) > _MOST_ROWS:
        raise BadArgumentError(
            f"{_STEP}: {len(table)} rows do not fit one picture.",
            found=f"{len(table)} combinations of Benchmark and {', '.join(change.by)}",
            hint=f"analysis.change of at most {_MOST_ROWS}, such as one area at a time",
        )
    look = theme.load_theme()
    height = 1.4 + look.sizes["row"] * len(table)
    ax = theme.place_to_draw(ax, width=look.sizes["width"] + 0.8, height=height)
    keep_table(ax, table)
    if not len(table):
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    ends = _draw_rows(ax, table, change)
    theme.dress(ax, title="The same schools, before and after", grid="x")
    _label_axes(ax, table, change, labels)
    _write_changes(ax, table, change)
    theme.show_legend(ax, ends)
    return ax


def _draw_rows(ax: Axes, table: pd.DataFrame, change: Change) -> list[Line2D]:
    """Draw a line from before to after in each row; hand back one mark of each end."""
    look = theme.load_theme()
    first, second = table["matched_share_before"], table["matched_share_after"]
    for place in np.flatnonzero(is_hidden(table, "matched_change_pp")).tolist():
        hide_row(ax, place)
    for place, n_pairs in enumerate(table["n_pairs"]):
        if n_pairs == 0:
            ax.text(0.01, place, "no matched school", fontsize=look.sizes["small"], va="center")
    places = range(len(table))
    ax.hlines(places, first, second, color=look.ink["quiet"], linewidth=2, zorder=2)
    before = ax.plot(first, places, label=f"{change.before} (before)", zorder=3)
    after = ax.plot(second, places, label=f"{change.after} (after)", zorder=4)
    for line in (*before, *after):
        line.set(linestyle="none", marker="o", markersize=6, color=look.colours[1], clip_on=False)
    before[0].set(color=look.colours[0], markersize=9, markerfacecolor="white", markeredgewidth=2)
    return [*before, *after]


def _label_axes(
    ax: Axes, table: pd.DataFrame, change: Change, labels: Mapping[str, str] | None
) -> None:
    """Write Benchmarks with their pairs at the left, changes at the right, percent below."""
    from matplotlib.ticker import FuncFormatter

    look = theme.load_theme()
    names = [
        " · ".join([theme.named(row["benchmark"], labels), *(say(row[name]) for name in change.by)])
        for row in table.to_dict("records")
    ]
    words = [
        f"{theme.wrapped(name)}\nn = {say_count(n, hidden=True)} matched"
        for name, n in zip(names, table["n_pairs"], strict=True)
    ]
    ax.set_yticks(range(len(words)), words)
    ax.set_ylim(len(words) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: theme.percent(round(share, 6))))
    ax.set_xlabel("Share of matched schools achieving", fontsize=look.sizes["text"])


def _write_changes(ax: Axes, table: pd.DataFrame, change: Change) -> None:
    """Write each change with its interval at the right, under a heading."""
    head = f"Change, {theme.percent(change.confidence)} interval"
    _write_right(ax, head, (1, 1), ("axes fraction", "axes fraction"))
    names = ["matched_change_pp", "matched_low_pp", "matched_high_pp"]
    for place, row in enumerate(table[names].itertuples(index=False, name=None)):
        if row[0] == row[0]:
            points, low, high = map(_points, row)
            said = f"{points} pp\n({low} to {high})"
            _write_right(ax, said, (1, place), ("axes fraction", "data"))


def _write_right(ax: Axes, words: str, spot: tuple[float, float], coords: tuple[str, str]) -> None:
    """Write small words to the right of the picture."""
    look = theme.load_theme()
    ax.annotate(
        words,
        spot,
        xytext=(14, 0),
        xycoords=coords,
        textcoords="offset points",
        va="center" if coords[1] == "data" else "bottom",
        fontsize=look.sizes["small"],
        color=look.ink["text"],
        annotation_clip=False,
    )


def _points(value: float) -> str:
    """Show percentage points with a sign, halves up."""
    return half_up(round(value, 9), sign=True)
