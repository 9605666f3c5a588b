"""The heat map: where each school stands on each Benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.groups import check_scores, given, group_rows
from careerbench.errors import BadArgumentError, quoted
from careerbench.plots import theme
from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_STEP = "plot_heatmap"
_ROW_INCHES = 0.24
_MOST_INCHES = 30.0
_FRAME_INCHES = 1.7
_LONG = 13
_READABLE_POINTS = 8
_POINTS_PER_INCH = 72


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
        both say the state; a school with no row for a Benchmark has a blank cell. With more
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
    check_scores(scores, step=_STEP)
    require_one_wave(scores, step=_STEP)
    row, schools = group_rows(scores, ["school_urn"])
    column, benchmarks = group_rows(scores, ["benchmark"])
    states = np.full((len(schools), len(benchmarks)), -1)
    states[row, column] = [STATES.index(state) for state in scores["state"]]
    names = [theme.named(name, labels) for name in benchmarks["benchmark"]]
    width, height = _size(len(schools), names)
    ax = theme.place_to_draw(ax, width=width, height=height)
    if not states.size:
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    _draw_cells(ax, states)
    row_points = _row_points(ax, len(schools))
    _label_schools(ax, _school_names(scores, row), row_points)
    _label_benchmarks(ax, names)
    if row_points >= _READABLE_POINTS:
        _write_symbols(ax, states, min(11.0, row_points * 0.7))
    _show_states(ax, scores)
    return ax


def require_one_wave(scores: pd.DataFrame, *, step: str) -> None:
    """Refuse several waves: a school has one state per Benchmark in a picture."""
    waves = list(scores["wave"].dropna().unique()) if given(scores, "wave") else []
    if len(waves) > 1:
        raise BadArgumentError(
            f"{step}: the table holds {len(waves)} waves, and a heat map shows one.",
            found=quoted(waves),
            hint=f"scores[scores['wave'] == '{waves[-1]}']",
        )


def _size(n_schools: int, names: list[str]) -> tuple[float, float]:
    """Return a figure's inches: a row for each school, up to a limit, and wide words wider."""
    column = 0.98 if any(len(name) > _LONG for name in names) else 0.75
    width = max(5.5, 1.8 + column * len(names))
    return width, min(_MOST_INCHES, _FRAME_INCHES + _ROW_INCHES * n_schools)


def _row_points(ax: Axes, n_schools: int) -> float:
    """Return how many points high one school's row will be, near enough."""
    figure_height = ax.figure.get_figure(root=True).get_size_inches()[1]
    inches = figure_height * ax.get_position().height / 0.77
    return max(0.0, inches - _FRAME_INCHES) * _POINTS_PER_INCH / n_schools if n_schools else 0.0


def _draw_cells(ax: Axes, states: NDArray[np.int64]) -> None:
    """Colour each cell by its state; no row, no colour."""
    import seaborn as sns
    from matplotlib.colors import ListedColormap

    look = theme.load_theme()
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


def _label_schools(ax: Axes, names: list[str], row_points: float) -> None:
    """Write the names of the schools, every one or as many as can be read."""
    size = theme.load_theme().sizes["text"] - 1
    step = max(1, int(np.ceil(1.2 * size / max(row_points, 0.01))))
    places = range(0, len(names), step)
    ax.set_yticks([place + 0.5 for place in places], [_short(names[place]) for place in places])
    ax.tick_params(axis="y", rotation=0, length=0, labelsize=size)
    every = "" if step == 1 else f"{len(names)} schools, one in {step} named"
    ax.set_ylabel(every, fontsize=size)


def _label_benchmarks(ax: Axes, names: list[str]) -> None:
    """Write the Benchmarks below, in lines where they are long."""
    size = theme.load_theme().sizes["text"]
    size = theme.load_theme().sizes["small"] if max(map(len, names)) > _LONG else size
    ax.set_xticks(np.arange(len(names)) + 0.5, [theme.wrapped(name, _LONG) for name in names])
    ax.tick_params(axis="x", rotation=0, length=0, labelsize=size)
    ax.set_xlabel("")


def _short(name: object) -> str:
    said = str(name)
    return theme.plain(said if len(said) <= 38 else f"{said[:37].rstrip()}…")


def _show_states(ax: Axes, scores: pd.DataFrame) -> None:
    """Explain colours and symbols in words, and say which wave it is."""
    from matplotlib.lines import Line2D

    look = theme.load_theme()
    waves = scores["wave"].dropna().unique() if given(scores, "wave") else []
    wave = f", {waves[0]}" if len(waves) else ""
    handles = [
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
    ax.set_title(f"Where each school stands on each Benchmark{wave}", loc="left")
    theme.show_legend(ax, handles, n_columns=4)
