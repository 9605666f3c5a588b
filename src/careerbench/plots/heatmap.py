"""The heat map: where each school stands on each Benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.analysis.groups import check_scores, given, group_rows
from careerbench.errors import BadArgumentError, quoted
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hatched, is_hidden, say_hidden
from careerbench.plots.rows import name_schools, row_points, tall
from careerbench.scoring.states import NOT_SCORED, STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_STEP = "plot_heatmap"
_WITHHELD = -2
_LONG = 13
_READABLE_POINTS = 8


def plot_heatmap(
    scores: pd.DataFrame, *, ax: Axes | None = None, labels: Mapping[str, str] | None = None
) -> Axes:
    """Draw the state of each school on each Benchmark, at one wave.

    Parameters
    ----------
    scores : DataFrame
        One row per school and Benchmark: ``school_urn``, ``benchmark``, ``state``; one wave
        only. Rows are named by ``school_name`` where there is one.
    ax : Axes, optional
        Where to draw; without it a new figure, as tall as its schools need.
    labels : mapping, optional
        Benchmark id to short title.

    Returns
    -------
    Axes
        Schools from top to bottom and Benchmarks across, in the order met. Colour and symbol
        both say the state; a school with no row for a Benchmark has a blank cell, and one whose
        state is withheld (blank, with ``state_reason`` or ``reason`` "c") a hatched one. With more
        schools than can be read, labels are thinned and symbols left out.

    Raises
    ------
    BadArgumentError
        If there is more than one wave.
    TableProblemsError
        If a row is there twice, has no school or Benchmark, or an unknown state.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "2"], "state": ["achieved", "partial"]})
    >>> ax = plot_heatmap(scores.assign(benchmark="p1"))
    >>> [cell.get_text() for cell in ax.texts]
    ['●', '◐']
    """
    withheld = require_drawable(scores, step=_STEP)
    row, schools = group_rows(scores, ["school_urn"])
    column, benchmarks = group_rows(scores, ["benchmark"])
    states = np.full((len(schools), len(benchmarks)), -1)
    known = ~withheld
    states[row[known], column[known]] = [STATES.index(one) for one in scores["state"][known]]
    states[row[withheld], column[withheld]] = _WITHHELD
    names = [theme.named(name, labels) for name in benchmarks["benchmark"]]
    width, height = _size(len(schools), names)
    ax = theme.place_to_draw(ax, width=width, height=height)
    keep_table(ax, scores)
    if not states.size:
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    _draw_cells(ax, states)
    name_schools(ax, _school_names(scores, row), offset=0.5)
    _label_benchmarks(ax, names)
    points = row_points(ax, len(schools))
    if points >= _READABLE_POINTS:
        _write_symbols(ax, states, min(11.0, points * 0.7))
    _show_states(ax, scores, withheld=bool(withheld.any()))
    return ax


def require_drawable(scores: pd.DataFrame, *, step: str) -> NDArray[np.bool_]:
    """Refuse what is no table of scores at one wave; say which states are withheld."""
    whole = {"state", "benchmark", "school_urn"} <= set(getattr(scores, "columns", ()))
    withheld = is_hidden(scores, "state") if whole else np.zeros(0, dtype=bool)
    states = {"state": scores["state"].mask(withheld, NOT_SCORED)} if withheld.any() else {}
    check_scores(scores.assign(**states) if states else scores, step=step)
    waves = list(scores["wave"].dropna().unique()) if given(scores, "wave") else []
    if len(waves) > 1:
        raise BadArgumentError(
            f"{step}: the table holds {len(waves)} waves, and a heat map shows one.",
            found=quoted(waves),
            hint=f"scores[scores['wave'] == '{waves[-1]}']",
        )
    return withheld


def _size(n_schools: int, names: list[str]) -> tuple[float, float]:
    """Return a figure's inches: a row for each school, up to a limit, and wide words wider."""
    column = 0.98 if any(len(name) > _LONG for name in names) else 0.75
    width = max(5.5, 1.8 + column * len(names))
    return width, tall(n_schools)


def _draw_cells(ax: Axes, states: NDArray[np.int64]) -> None:
    """Colour each cell by its state; no row, no colour."""
    import seaborn as sns
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Rectangle

    look = theme.load_theme()
    for row, column in np.argwhere(states == _WITHHELD):
        ax.add_patch(Rectangle((column, row), 1, 1, zorder=1.5, **hatched()))
    sns.heatmap(
        np.where(states < 0, 0, states),
        mask=states < 0,
        ax=ax,
        cmap=ListedColormap([look.states[state]["fill"] for state in STATES]),
        vmin=-0.5,
        vmax=len(STATES) - 0.5,
        cbar=False,
        linewidths=0.6 if len(states) <= 150 else 0.0,
        linecolor=look.ink["grid"],
        xticklabels=False,
        yticklabels=False,
    )


def _write_symbols(ax: Axes, states: NDArray[np.int64], size: float) -> None:
    """Write each cell's symbol, so that the state is told without colour."""
    look = theme.load_theme()
    for row, column in np.argwhere(states == _WITHHELD):
        say_hidden(ax, (column + 0.5, row + 0.5))
    for (row, column), code in np.ndenumerate(states):
        if code >= 0:
            state = look.states[STATES[code]]
            ax.text(
                column + 0.5,
                row + 0.5,
                state["symbol"],
                color=state["ink"],
                fontsize=size,
                family="DejaVu Sans",
                ha="center",
                va="center_baseline",
            )


def _school_names(scores: pd.DataFrame, row: NDArray[np.int64]) -> list[str]:
    """Name each school by its name where the table has it, else by its URN."""
    _, first = np.unique(row, return_index=True)
    named = scores.iloc[first]
    urns = named["school_urn"].astype(str)
    if "school_name" not in scores.columns:
        return urns.tolist()
    return named["school_name"].astype(object).where(named["school_name"].notna(), urns).tolist()


def _label_benchmarks(ax: Axes, names: list[str]) -> None:
    """Write the Benchmarks below, in lines where they are long."""
    size = theme.load_theme().sizes["text"]
    size = theme.load_theme().sizes["small"] if max(map(len, names)) > _LONG else size
    ax.set_xticks(np.arange(len(names)) + 0.5, [theme.wrapped(name, _LONG) for name in names])
    ax.tick_params(axis="x", rotation=0, length=0, labelsize=size)
    ax.set_xlabel("")


def _show_states(ax: Axes, scores: pd.DataFrame, *, withheld: bool) -> None:
    """Explain colours and symbols in words, and say which wave it is."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    look = theme.load_theme()
    waves = scores["wave"].dropna().unique() if given(scores, "wave") else []
    wave = f", {waves[0]}" if len(waves) else ""
    handles: list[Any] = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="s",
            markersize=11,
            markerfacecolor=look.states[state]["fill"],
            markeredgecolor=look.ink["quiet"],
            label=f"{look.states[state]['symbol']} {state}",
        )
        for state in STATES
    ]
    if withheld:
        handles.append(Patch(label=look.hidden["word"], **hatched()))
    ax.set_title(f"Where each school stands on each Benchmark{wave}", loc="left")
    theme.show_legend(ax, handles, n_columns=5)
