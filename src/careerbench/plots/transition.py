"""Movement between states: who went from where to where, as bands between two stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from careerbench.analysis.movement import ABSENT
from careerbench.analysis.results_tests import Movement
from careerbench.plots import theme
from careerbench.plots.behind import keep_table
from careerbench.plots.hidden import hatched, is_hidden, say_hidden
from careerbench.plots.rows import pick_rows, spread_out, which
from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_STEP = "plot_movement"
LEVELS = (*STATES, ABSENT)
_GAP = 0.06
_WIDTH = 0.05
_HIDDEN_BAND = 0.04


def plot_movement(
    moves: Movement,
    *,
    ax: Axes | None = None,
    where: Mapping[str, object] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw how schools moved between the states of one Benchmark.

    Parameters
    ----------
    moves : Movement
        From ``analysis.movement``.
    ax : Axes, optional
        Where to draw; without it a new figure.
    where : mapping, optional
        Which rows, where there are several Benchmarks or groups: ``{"benchmark": "p1"}``.
    labels : mapping, optional
        Benchmark id to short title.

    Returns
    -------
    Axes
        States before at the left and after at the right, always all of them and in one order,
        with their numbers of schools; a band for each move, as thick as its number of schools
        and coloured by the state before. Moves withheld are thin hatched bands: how thick they
        would be is not known.

    Raises
    ------
    BadArgumentError
        If ``moves`` is not a ``Movement`` record, or holds several Benchmarks or groups and
        ``where`` does not pick one.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": ["1", "1"], "wave": ["before", "after"]})
    >>> scores = scores.assign(benchmark="p1", state=["partial", "achieved"])
    >>> ax = plot_movement(analysis.movement(scores, before="before", after="after"))
    >>> [word.get_text() for word in ax.texts if "1" in word.get_text()]
    ['1', '◐ partial: 1', '● achieved: 1']
    """
    hint = "analysis.movement(scores, before=..., after=...)"
    theme.require_record(moves, Movement, step=_STEP, hint=hint)
    keys = [*moves.by, "benchmark"]
    table = pick_rows(moves.to_frame(), keys, where, step=_STEP)
    ax = theme.place_to_draw(ax, width=theme.load_theme().sizes["width"], height=4.4)
    keep_table(ax, table)
    hidden = is_hidden(table, "n")
    counts = table["n"].fillna(0).to_numpy(dtype=np.float64)
    if not counts.sum() and not hidden.any():
        theme.say_nothing_to_draw(ax, "No school to show")
        return ax
    total = counts.sum()
    thick = np.where(hidden, _HIDDEN_BAND * max(total, 1.0), counts)
    flows, veiled = _square(table, thick), _square(table, hidden.astype(float)) > 0
    known = _square(table, counts)
    _draw_bands(ax, flows, known, veiled)
    for side in (0, 1):
        _draw_stack(ax, flows, known, veiled, side=side)
    theme.dress(ax, title=f"Movement between states{which(table, keys, labels)}", grid="x")
    _dress(ax, moves)
    return ax


def _square(table: pd.DataFrame, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lay one value of each move out: from in rows, to in columns."""
    square = np.zeros((len(LEVELS), len(LEVELS)))
    for before, after, value in zip(
        table["state_before"], table["state_after"], values, strict=True
    ):
        square[LEVELS.index(before), LEVELS.index(after)] = value
    return square


def _tops(flows: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Return where each level begins, from the top down, in units of all schools."""
    sizes = flows.sum(axis=1 - side) / flows.sum()
    return np.concatenate([[0.0], np.cumsum(sizes + _GAP)[:-1]])


def _draw_bands(
    ax: Axes, flows: NDArray[np.float64], known: NDArray[np.float64], veiled: NDArray[np.bool_]
) -> None:
    """Draw a band for each move, and its number where the band is high enough for it."""
    from matplotlib.patches import PathPatch

    look = theme.load_theme()
    whole = flows.sum()
    at = [_tops(flows, 0), _tops(flows, 1)]
    left = at[0][:, None] + np.cumsum(flows, axis=1) / whole - flows / whole
    right = at[1][None, :] + np.cumsum(flows, axis=0) / whole - flows / whole
    for move in np.argwhere(flows > 0):
        start, end = (float(side[tuple(move)]) for side in (left, right))
        height = float(flows[tuple(move)] / whole)
        fill: dict[str, Any] = {"facecolor": _look(move[0])["fill"], "edgecolor": look.ink["quiet"]}
        fill |= {"linewidth": 0.7, "alpha": 0.85}
        if veiled[tuple(move)]:
            fill = hatched()
        ax.add_patch(PathPatch(_band(start, end, height), **fill, zorder=2))
        spot = (_WIDTH + 0.035, start + height / 2)
        if veiled[tuple(move)]:
            say_hidden(ax, spot)
        elif height > 0.042:
            words = f"{known[tuple(move)]:.0f}"
            ax.text(*spot, words, fontsize=look.sizes["small"], ha="center", va="center", zorder=4)


def _band(start: float, end: float, height: float) -> Any:
    """Return the outline of a band that leaves one stack and enters the other."""
    from matplotlib.path import Path

    x0, x1, middle = _WIDTH, 1 - _WIDTH, 0.5
    points = [(x0, start), (middle, start), (middle, end), (x1, end), (x1, end + height)]
    points += [(middle, end + height), (middle, start + height), (x0, start + height), (x0, start)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path(points, [int(code) for code in codes])


def _draw_stack(
    ax: Axes,
    flows: NDArray[np.float64],
    known: NDArray[np.float64],
    veiled: NDArray[np.bool_],
    *,
    side: int,
) -> None:
    """Draw the levels of one end, with symbol, word and number; nobody there is a line and a 0."""
    from matplotlib.patches import Rectangle

    look, tops = theme.load_theme(), _tops(flows, side)
    heights = flows.sum(axis=1 - side) / flows.sum()
    n, some_hidden = known.sum(axis=1 - side), veiled.sum(axis=1 - side) > 0
    x = side * (1 - _WIDTH)
    spots = spread_out(tops + heights / 2, gap=0.055)
    for level, (top, height, spot) in enumerate(zip(tops, heights, spots, strict=True)):
        how: dict[str, Any] = {
            "facecolor": _look(level)["fill"],
            "edgecolor": look.ink["text"],
            "linewidth": 0.9,
        }
        ax.add_patch(Rectangle((x, top), _WIDTH, height, **how, zorder=3, clip_on=False))
        count = f"{n[level]:.0f}"
        if some_hidden[level]:
            count = f"{count} and hidden" if n[level] else "hidden"
        ax.text(
            x + (_WIDTH + 0.02 if side else -0.02),
            spot,
            f"{_look(level)['symbol']} {LEVELS[level]}: {count}",
            fontsize=look.sizes["text"],
            color=look.ink["text"],
            ha="left" if side else "right",
            va="center",
        )


def _look(level: int) -> Mapping[str, str]:
    """Return fill and symbol of a state, or of a school that was not there."""
    look = theme.load_theme()
    return look.absent if LEVELS[level] == ABSENT else look.states[LEVELS[level]]


def _dress(ax: Axes, moves: Movement) -> None:
    """Name the two waves above their stacks; there is no scale to read."""
    ax.set_xticks(
        [_WIDTH / 2, 1 - _WIDTH / 2], [theme.plain(moves.before), theme.plain(moves.after)]
    )
    ax.set_yticks([])
    ax.set_xlim(0, 1)
    ax.set_ylim(1 + _GAP * (len(LEVELS) - 1) + 0.03, -0.03)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
