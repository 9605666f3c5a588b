"""Mean scale scores by year group, wave beside wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.groups import group_rows
from careerbench.analysis.results import ScaleMeans
from careerbench.periods import YEAR_GROUPS, show_year_group
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hide_row, is_hidden
from careerbench.plots.series import (
    Series,
    constant_words,
    legend_handles,
    say,
    say_counts,
    split_series,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_STEP = "plot_scale_means"


def plot_scale_means(
    means: ScaleMeans, *, ax: Axes | None = None, limits: tuple[float, float] | None = None
) -> Axes:
    r"""Draw mean scale scores by year group, with intervals, one line per wave.

    Parameters
    ----------
    means : ScaleMeans
        From ``analysis.scale_means``. Year groups stand along the axis, or else the first
        column of ``by``, or else the waves; all other columns make lines, at most six.
    ax : Axes, optional
        Where to draw; without it a new figure.
    limits : tuple of float, optional
        The lowest and highest score that the scale allows: the picture then shows the whole
        scale, so that small differences look small. Default: as far as the data go.

    Returns
    -------
    Axes
        Mean scores up, with the number of respondents under each label, in the order of the
        legend. A mean with no interval is drawn without one.

    Raises
    ------
    BadArgumentError
        If ``means`` is not a ``ScaleMeans`` record, or has more lines than can be told apart.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.analysis import scale_means
    >>> answers = pd.DataFrame({"school_urn": list("aabb"), "score": [1.0, 2.0, 3.0, 4.0]})
    >>> answers = answers.assign(scale="efficacy", year_group=["3", "4", "3", "4"])
    >>> ax = plot_scale_means(scale_means(answers, by="year_group"))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['Year 3\nn = 2', 'Year 4\nn = 2']
    """
    theme.require_record(means, ScaleMeans, step=_STEP, hint="analysis.scale_means(scale_scores)")
    table = means.to_frame()
    across = _across(means, table)
    place, names = group_rows(table, [across])
    table["place"] = place
    keys = [key for key in ("scale", *means.by, "wave") if key != across]
    series = split_series(
        table, keys, step=_STEP, hint="scale_means(scale_scores, by='year_group')"
    )
    look = theme.load_theme()
    ax = theme.place_to_draw(ax, width=max(look.sizes["width"], 1.1 * len(names)), height=4.2)
    keep_table(ax, means.to_frame())
    if not len(table):
        theme.say_nothing_to_draw(ax, "No respondent to show")
        return ax
    for one in series:
        draw_means(ax, one, joined=across in ("year_group", "wave"))
    theme.dress(ax, title=f"{means.caption}{constant_words(table, keys)}", grid="y")
    _label_axes(ax, series, [show_group(name) for name in names[across]])
    ax.set_ylabel(
        f"Mean score, with {theme.percent(means.confidence)} interval", fontsize=look.sizes["text"]
    )
    if limits is not None:
        ax.set_ylim(*limits)
    if len(series) > 1:
        theme.show_legend(ax, legend_handles(series))
    return ax


def _across(means: ScaleMeans, table: pd.DataFrame) -> str:
    """Choose what stands along the axis."""
    if "year_group" in means.by:
        return "year_group"
    return means.by[0] if means.by else "wave" if "wave" in table.columns else "scale"


def show_group(value: object) -> str:
    """Name a year group or any other group."""
    return show_year_group(str(value)) if str(value) in YEAR_GROUPS else theme.wrapped(say(value))


def draw_means(ax: Axes, one: Series, *, joined: bool) -> None:
    """Draw one line of means, with intervals where there are any, and bands where withheld."""
    for spot in one.rows.loc[is_hidden(one.rows, "mean"), "place"]:
        hide_row(ax, spot + one.offset / 2, height=0.16, upright=True)
    rows = one.rows.sort_values("place")  # a blank mean breaks the line
    mean = rows["mean"].to_numpy()
    below = mean - rows["low"].fillna(rows["mean"]).to_numpy()
    above = rows["high"].fillna(rows["mean"]).to_numpy() - mean
    ax.errorbar(
        rows["place"] + one.offset / 2,
        mean,
        yerr=np.array([below, above]),
        fmt=one.marker,
        linestyle="-" if joined else "none",
        linewidth=1,
        color=one.colour,
        markersize=6,
        elinewidth=1.6,
        capsize=2.5,
        zorder=3,
    )


def _label_axes(ax: Axes, series: list[Series], names: list[str]) -> None:
    """Write each group with its number of respondents, in the order of the legend."""
    n = say_counts(series, "n_respondents", len(names))
    width = None if len(names) <= 3 else 12
    words = [f"{name}\n{theme.wrapped(said, width)}" for name, said in zip(names, n, strict=True)]
    ax.set_xticks(range(len(words)), words)
    ax.set_xlim(-0.5, len(words) - 0.5)
