"""The profile: what share of schools achieves each Benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.groups import group_rows
from careerbench.analysis.results import Shares
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hide_row, is_hidden
from careerbench.plots.series import (
    Series,
    constant_words,
    legend_handles,
    say_counts,
    split_series,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

_STEP = "plot_shares"


def plot_shares(
    shares: Shares, *, ax: Axes | None = None, labels: Mapping[str, str] | None = None
) -> Axes:
    r"""Draw the share of schools achieving each Benchmark, with its interval.

    Parameters
    ----------
    shares : Shares
        From ``analysis.achieved_shares``. Waves and groups stand side by side, at most six.
    ax : Axes, optional
        Where to draw; without it a new figure, as tall as it needs to be.
    labels : mapping, optional
        Benchmark id to short title.

    Returns
    -------
    Axes
        Benchmarks from top to bottom in the order of the table, percent of schools across, and
        the number of scored schools under each label. A Benchmark with no scored school says so.

    Raises
    ------
    BadArgumentError
        If ``shares`` is not a ``Shares`` record, or has more waves and groups than can be told
        apart.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.analysis import achieved_shares
    >>> scores = pd.DataFrame({"school_urn": ["1", "2"], "state": ["achieved", "partial"]})
    >>> ax = plot_shares(achieved_shares(scores.assign(benchmark="p1")), labels={"p1": "Plan"})
    >>> ax.get_yticklabels()[0].get_text()
    'Plan\nn = 2'
    """
    theme.require_record(shares, Shares, step=_STEP, hint="analysis.achieved_shares(scores)")
    table = shares.to_frame()
    place, benchmarks = group_rows(table, ["benchmark"])
    table["place"] = place
    keys = [*shares.by, "wave"]
    hint = "achieved_shares of fewer groups or waves"
    series = split_series(table, keys, step=_STEP, hint=hint)
    row = theme.load_theme().sizes["row"] * max(1.0, 0.55 + 0.15 * len(series))
    ax = theme.place_to_draw(
        ax, width=theme.load_theme().sizes["width"], height=1.3 + row * len(benchmarks)
    )
    keep_table(ax, shares.to_frame())
    if not len(table):
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    for one in series:
        _draw_series(ax, one)
        for place in one.rows.loc[is_hidden(one.rows, "share"), "place"]:
            hide_row(ax, place + one.offset, height=0.5 if len(series) == 1 else 0.16)
    theme.dress(ax, title=f"{shares.caption}{constant_words(table, keys)}", grid="x")
    _label_axes(ax, series, [theme.named(name, labels) for name in benchmarks["benchmark"]])
    ax.set_xlabel(
        f"Share of scored schools, with {theme.percent(shares.confidence)} interval",
        fontsize=theme.load_theme().sizes["text"],
    )
    if len(series) > 1:
        theme.show_legend(ax, legend_handles(series))
    return ax


def _draw_series(ax: Axes, one: Series) -> None:
    """Draw one point and interval per Benchmark; a word where no school is scored."""
    rows, size = one.rows, theme.load_theme().sizes["small"]
    known = rows[(rows["n_schools"] > 0) & rows["share"].notna()]
    share = known["share"].to_numpy()
    reach = np.maximum([share - known["low"].to_numpy(), known["high"].to_numpy() - share], 0)
    ax.errorbar(
        share,
        known["place"] + one.offset,
        xerr=reach,
        fmt=one.marker,
        color=one.colour,
        markersize=6,
        elinewidth=1.6,
        capsize=2.5,
        clip_on=False,
        zorder=3,
    )
    for place in rows.loc[rows["n_schools"] == 0, "place"]:
        ax.text(0.01, place + one.offset, "no school scored", fontsize=size, va="center")


def _label_axes(ax: Axes, series: list[Series], names: list[str]) -> None:
    """Write each Benchmark with its numbers of schools, first on top, and percent below."""
    from matplotlib.ticker import FuncFormatter

    n_schools = say_counts(series, "n_schools", len(names))
    words = [f"{theme.wrapped(name)}\n{n}" for name, n in zip(names, n_schools, strict=True)]
    ax.set_yticks(range(len(words)), words)
    ax.set_ylim(len(words) - 0.5, -0.5)
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: theme.percent(round(share, 6))))
