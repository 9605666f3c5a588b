"""The forest: effects and changes, one under the other, with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.checks import require_several
from careerbench.errors import BadArgumentError, quoted
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.effects import POINTS, effect_rows
from careerbench.plots.hidden import hide_row
from careerbench.result import Result, half_up

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_STEP = "plot_forest"
_MOST_ROWS = 60
_KINDS = {
    "above zero": {"symbol": "▲", "marker": "^", "colour": 1},
    "below zero": {"symbol": "▼", "marker": "v", "colour": 4},
    "zero within": {"symbol": "○", "marker": "o", "colour": 2},
    "no interval": {"symbol": "×", "marker": "x", "colour": 2},
}


def plot_forest(
    results: Result | Iterable[Result] | Mapping[str, Result],
    *,
    ax: Axes | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    r"""Draw effects with their intervals, a row for each, around a line at zero.

    Parameters
    ----------
    results : result, list of results, or mapping of name to result
        From ``analysis.trial_effect`` (and its bootstrap), ``change``, ``net_shift``,
        ``difference_in_differences``, ``mean_change``, ``scale_change`` or ``adjusted_change``;
        at most sixty rows together, all in one unit.
    ax : Axes, optional
        Where to draw; without it a new figure, as tall as it needs to be.
    labels : mapping, optional
        Benchmark id, or any other word of a row's name, to a short title.

    Returns
    -------
    Axes
        The first row at the top; at the right each estimate in numbers, under the label what it
        rests on. An interval above zero, below zero, or with zero in it differs in mark, colour
        and words. Rows without an estimate say why; withheld ones are hatched.

    Raises
    ------
    BadArgumentError
        If a result is none of these, units differ, or there are more than sixty rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": ["1", "1"], "wave": ["before", "after"]})
    >>> scores = scores.assign(benchmark="p1", state=["partial", "achieved"])
    >>> ax = plot_forest(analysis.change(scores, before="before", after="after"))
    >>> ax.get_yticklabels()[0].get_text(), ax.texts[-1].get_text()
    ('p1\nn = 1 pair', '+100.0\n(−12.2 to +100.0)')
    """
    table = forest_table(results, labels, step=_STEP)
    look = theme.load_theme()
    height = 1.7 + 0.58 * max(len(table), 1)
    ax = theme.place_to_draw(ax, width=look.sizes["width"] + 0.8, height=height)
    keep_table(ax, table)
    if not len(table):
        theme.say_nothing_to_draw(ax, "No effect to show")
        return ax
    handles = _draw_rows(ax, table)
    ax.axvline(0, color=look.ink["text"], linewidth=1.0, zorder=1)
    theme.dress(ax, title="Effects with their intervals", grid="x")
    _label_axes(ax, table)
    if handles:
        theme.show_legend(ax, handles, n_columns=4)
    return ax


def forest_table(
    results: Result | Iterable[Result] | Mapping[str, Result],
    labels: Mapping[str, str] | None,
    *,
    step: str,
) -> pd.DataFrame:
    """Return one row per effect, in one unit: label, estimate, low, high, n, unit, why none."""
    import pandas as pd

    if isinstance(results, Mapping):
        named = list(results.items())
    else:
        hint = "a result of analysis, a list of them, or a mapping of names to them"
        several = (
            [results]
            if isinstance(results, Result)
            else require_several(results, name="results", step=step, hint=hint)
        )
        named = [("", one) for one in several]
    columns = ["label", "estimate", "low", "high", "n", "confidence", "unit", "hidden", "reason"]
    rows = [row for name, one in named for row in effect_rows(one, str(name), labels, step=step)]
    table = pd.DataFrame(rows, columns=columns)
    units = table["unit"].unique()
    if len(units) > 1:
        raise BadArgumentError(
            f"{step}: one axis shows one unit, not {len(units)}.",
            found=quoted(units),
            hint="one picture for each unit",
        )
    if len(table) > _MOST_ROWS:
        raise BadArgumentError(
            f"{step}: {len(table)} rows do not fit one picture.",
            found=f"{len(named)} results",
            hint=f"at most {_MOST_ROWS} rows together, such as one group at a time",
        )
    return table


def kind_of(row: pd.Series) -> str:
    """Say where an interval lies, seen from zero."""
    if np.isnan(row["low"]) or np.isnan(row["high"]):
        return "no interval"
    return "above zero" if row["low"] > 0 else "below zero" if row["high"] < 0 else "zero within"


def _draw_rows(ax: Axes, table: pd.DataFrame) -> list[Any]:
    """Draw each estimate and interval; hand back one mark for each kind met."""
    look, handles = theme.load_theme(), {}
    for place, (_, row) in enumerate(table.iterrows()):
        if row["hidden"]:
            hide_row(ax, place)
        elif np.isnan(row["estimate"]):
            ax.text(
                0.01, place, f"no estimate: {row['reason']}", transform=ax.get_yaxis_transform(),
                fontsize=look.sizes["small"], va="center",
            )  # fmt: skip
        else:
            kind = kind_of(row)
            colour = look.colours[int(str(_KINDS[kind]["colour"]))]
            hollow = kind == "zero within"
            mark: dict[str, Any] = {"marker": str(_KINDS[kind]["marker"]), "color": colour}
            mark |= {"markerfacecolor": "white"} if hollow else {}
            ax.hlines(place, row["low"], row["high"], color=colour, linewidth=1.6, zorder=2)
            ax.plot(row["estimate"], place, markersize=7, zorder=3, linestyle="none", **mark)
            words = f"{_KINDS[kind]['symbol']} {kind}"
            handles[kind] = theme.line(label=words, linestyle="none", **mark)
    return [handles[kind] for kind in _KINDS if kind in handles]


def _label_axes(ax: Axes, table: pd.DataFrame) -> None:
    """Write labels with their numbers at the left, estimates at the right, the unit below."""
    look = theme.load_theme()
    words = [
        f"{theme.wrapped(theme.short(label, 84), 44)}\n{theme.plain(n)}"
        for label, n in zip(table["label"], table["n"], strict=True)
    ]
    ax.set_yticks(range(len(words)), words)
    ax.set_ylim(len(words) - 0.5, -0.5)
    percents = ", ".join(theme.percent(level) for level in table["confidence"].unique())
    ax.set_xlabel(f"{table['unit'].iloc[0]}, with {percents} interval", fontsize=look.sizes["text"])
    places = 1 if table["unit"].iloc[0] == POINTS else 2
    for place, (_, row) in enumerate(table.iterrows()):
        if np.isnan(row["estimate"]):
            continue
        low, point, high = (
            half_up(round(float(row[name]), 9), places=places, sign=True)
            for name in ("low", "estimate", "high")
        )
        said = point if np.isnan(row["low"]) else f"{point}\n({low} to {high})"
        ax.annotate(
            said, (1, place), xytext=(10, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=look.sizes["small"],
            color=look.ink["text"], annotation_clip=False,
        )  # fmt: skip
