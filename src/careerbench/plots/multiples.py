"""Small multiples: one panel for each year group, all on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.analysis.groups import group_rows
from careerbench.analysis.results import ScaleMeans
from careerbench.errors import BadArgumentError, quoted
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.series import (
    Series,
    constant_words,
    legend_handles,
    say,
    say_counts,
    split_series,
)
from careerbench.plots.trend import draw_means, show_group

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_STEP = "plot_multiples"
_MOST_PANELS = 24
_COLUMNS = 4
_PANEL_INCHES = (2.1, 2.0)
_LINE_INCHES = 0.13


def plot_multiples(
    means: ScaleMeans,
    *,
    ax: Axes | None = None,
    panels: str = "year_group",
    limits: tuple[float, float] | None = None,
) -> Axes:
    r"""Draw mean scale scores in a panel for each year group, all on one scale.

    Parameters
    ----------
    means : ScaleMeans
        From ``analysis.scale_means`` with ``by="year_group"``.
    ax : Axes, optional
        Where to draw; without it a new figure.
    panels : str, default "year_group"
        The column that gives each panel; at most twenty-four.
    limits : tuple of float, optional
        The lowest and highest score that the scale allows. Default: as far as the data go.

    Returns
    -------
    Axes
        The whole, with the panels as insets (``ax.child_axes``) in the order of the year groups.
        In each, waves run across (or the next column that varies), and what else varies makes
        lines; numbers of respondents stand under the labels in the order of the legend. A group
        without a score says so, and a withheld mean is a hatched band with the word. Its
        words are those of ``describe_scale_means``.

    Raises
    ------
    BadArgumentError
        If ``means`` is not a ``ScaleMeans`` record, has no such column, more panels than fit, or
        more lines than can be told apart.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.analysis import scale_means
    >>> answers = pd.DataFrame({"school_urn": list("aabb"), "score": [1.0, 2.0, 3.0, 4.0]})
    >>> answers = answers.assign(scale="efficacy", year_group=["3", "4"] * 2, wave=list("uuvv"))
    >>> ax = plot_multiples(scale_means(answers, by="year_group"))
    >>> [panel.get_title(loc="left") for panel in ax.child_axes]
    ['Year 3', 'Year 4']
    """
    theme.require_record(means, ScaleMeans, step=_STEP, hint="analysis.scale_means(scale_scores)")
    table = means.to_frame()
    place, names = _panels(means, table, panels)
    others = [key for key in ("wave", *means.by, "scale") if key in table and key != panels]
    across = next((key for key in others if len(table[key].unique()) > 1), others[0])
    table["place"], ticks = group_rows(table, [across])
    keys = [key for key in others if key != across]
    series = split_series(table, keys, step=_STEP, hint="scale_means of fewer groups")
    n_columns = min(_COLUMNS, max(len(names), 1))
    n_rows = -(-len(names) // n_columns)
    tall = _PANEL_INCHES[1] + _LINE_INCHES * max(len(series) - 1, 0)
    width = max(theme.load_theme().sizes["width"], _PANEL_INCHES[0] * n_columns)
    ax = theme.place_to_draw(ax, width=width, height=1.3 + tall * max(n_rows, 1))
    keep_table(ax, means.to_frame())
    if not len(table):
        theme.say_nothing_to_draw(ax, "No respondent to show")
        return ax
    ax.set_axis_off()
    words = [theme.wrapped(say(name), 10) for name in ticks[across]]
    boxes = [_box(number, n_columns, n_rows, tall) for number in range(len(names))]
    drawn = [
        _draw_panel(ax.inset_axes(box), [_rows_of(one, place == number) for one in series], words)
        for number, box in enumerate(boxes)
    ]
    _share_scale(drawn, limits)
    _title(drawn, [show_group(name) for name in names[panels]])
    ax.set_title(f"{means.caption}{constant_words(table, keys)}", loc="left")
    _say_scale(drawn[::n_columns], means)
    if len(series) > 1:
        theme.show_legend(ax, legend_handles(series))
    return ax


def _panels(
    means: ScaleMeans, table: pd.DataFrame, panels: str
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Take the table apart by its panels; refuse a column that is not there, and too many."""
    known = [name for name in (*means.by, "wave", "scale") if name in table.columns]
    if panels not in known:
        raise BadArgumentError(
            f"{_STEP}: the result is not taken apart by '{panels}'.",
            found=quoted(known),
            hint=f"analysis.scale_means(scale_scores, by='{panels}')",
        )
    place, names = group_rows(table, [panels])
    if len(names) > _MOST_PANELS:
        raise BadArgumentError(
            f"{_STEP}: {len(names)} panels do not fit one picture.",
            found=f"{len(names)} values of '{panels}'",
            hint=f"at most {_MOST_PANELS} at a time",
        )
    return place, names


def _box(
    number: int, n_columns: int, n_rows: int, tall: float
) -> tuple[float, float, float, float]:
    """Return where a panel stands: left, bottom, width and height as parts of the whole."""
    row, column = divmod(number, n_columns)
    width, height = 1 / n_columns, 1 / n_rows
    top = 1 - row * height
    inch = height / tall
    return column * width, top - 1.5 * inch, 0.92 * width, 1.24 * inch


def _rows_of(one: Series, here: NDArray[np.bool_]) -> Series:
    """Return the part of a series that stands in one panel."""
    rows = one.rows[here[one.rows.index]]
    return Series(one.name, rows, one.colour, one.marker, one.offset)


def _draw_panel(panel: Axes, series: list[Series], words: list[str]) -> Axes:
    """Draw one panel: a line for each series, and words where nobody has a score."""
    small = theme.load_theme().sizes["small"]
    for one in series:
        draw_means(panel, one, joined=True)
    n = say_counts(series, "n_respondents", len(words))
    said = ["\n".join([name, *count.split(", ")]) for name, count in zip(words, n, strict=True)]
    theme.dress(panel, title="", grid="y")
    panel.set_xticks(range(len(said)), said)
    panel.tick_params(labelsize=small)
    panel.set_xlim(-0.5, len(said) - 0.5)
    if not sum(float(one.rows["n_respondents"].sum()) for one in series):
        panel.text(
            0.5, 0.5, "no respondent\nwith a score", transform=panel.transAxes, ha="center",
            va="center", fontsize=small,
        )  # fmt: skip
    return panel


def _share_scale(drawn: list[Axes], limits: tuple[float, float] | None) -> None:
    """Give all panels the same scale, or the limits asked for."""
    filled = [panel for panel in drawn if len(panel.lines)]
    bounds = [panel.get_ylim() for panel in filled]
    if limits is None and bounds:
        limits = (min(low for low, _ in bounds), max(high for _, high in bounds))
    for panel in drawn:
        if limits is not None:
            panel.set_ylim(*limits)


def _title(drawn: list[Axes], names: list[str]) -> None:
    """Write the name of each group over its panel."""
    size = theme.load_theme().sizes["text"]
    for panel, name in zip(drawn, names, strict=True):
        panel.set_title(theme.short(name, 24), loc="left", fontsize=size)


def _say_scale(first: list[Axes], means: ScaleMeans) -> None:
    """Say at the left of each row of panels what is measured."""
    size = theme.load_theme().sizes["small"]
    for panel in first:
        panel.set_ylabel(f"Mean, {theme.percent(means.confidence)} interval", fontsize=size)
