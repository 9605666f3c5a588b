"""Where schools moved: from state to state, and on balance up or down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import ends, groups, paired
from careerbench.analysis.results_change import NetShift
from careerbench.analysis.results_tests import Movement
from careerbench.analysis.symmetry import Symmetry, symmetry_tests
from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

ABSENT = "absent"
_PLACES = (*STATES, ABSENT)
_N_SCORED = len(STATES) - 1
_TAKEN = ("wave", "benchmark", "school_urn", "state", "framework")


def movement(
    scores: pd.DataFrame, *, before: str, after: str, by: str | Iterable[str] | None = None
) -> Movement:
    """Count how schools moved between the states of each Benchmark.

    Parameters
    ----------
    scores : DataFrame
        One row per school, wave and Benchmark: ``school_urn``, ``wave``, ``benchmark``,
        ``state``; ``framework`` if there are several.
    before, after : str
        The two waves.
    by : str or list of str, optional
        Columns to take apart, such as ``"la_name"``.

    Returns
    -------
    Movement
        One row per group, Benchmark, ``state_before`` and ``state_after``: ``n`` schools,
        ``n_from`` (all in that state before) and ``share`` of them (0 to 1, missing of nobody).
        ``absent`` is a school with no row at that wave in that group. ``symmetry`` has the tests:
        ``n_pairs`` (scored at both ends), ``n_moved``, statistics, degrees of freedom and
        p-values of Bowker and of Stuart and Maxwell; missing without pairs.

    Raises
    ------
    BadArgumentError, FrameworkError, TableProblemsError
        As for :func:`change`.

    Notes
    -----
    The tests are :func:`careerbench.analysis.symmetry.symmetry_tests`, over achieved, partial and
    not achieved.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "2", "1", "2"], "benchmark": "p1"})
    >>> scores["wave"] = ["baseline", "baseline", "year 1", "year 1"]
    >>> scores["state"] = ["partial", "partial", "achieved", "partial"]
    >>> table = movement(scores, before="baseline", after="year 1").to_frame()
    >>> table.loc[table["n"] > 0, ["state_before", "state_after", "n", "n_from", "share"]]
      state_before state_after  n  n_from  share
    5      partial    achieved  1       2    0.5
    6      partial     partial  1       2    0.5
    """
    step = "movement"
    taken = (*_TAKEN, "state_before", "state_after", "n", "n_from", "share", "n_pairs", "n_moved")
    names = groups.free_names(by, taken, step=step)
    table, cube = _moves(scores, (before, after), names, step)
    size = len(_PLACES)
    rows = table.loc[table.index.repeat(size**2)].reset_index(drop=True)
    rows["state_before"] = np.tile(np.repeat(_PLACES, size), len(table)).astype(object)
    rows["state_after"] = np.tile(_PLACES, size * len(table)).astype(object)
    rows["n"] = cube.reshape(-1)
    rows["n_from"] = np.repeat(cube.sum(axis=2).reshape(-1), size)
    rows["share"] = groups.ratio(rows["n"].to_numpy(), rows["n_from"].to_numpy())
    nowhere = (rows["state_before"] == ABSENT) & (rows["state_after"] == ABSENT)
    symmetry = _symmetry(table, cube[:, :_N_SCORED, :_N_SCORED])
    return Movement(
        rows[~nowhere].reset_index(drop=True), symmetry, before, after, by=tuple(names),
        framework=groups.editions(scores),
    )  # fmt: skip


def net_shift(
    scores: pd.DataFrame,
    *,
    before: str,
    after: str,
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
) -> NetShift:
    """Estimate the net positive shift: the share of schools improving less the share worsening.

    Parameters
    ----------
    scores, before, after, by
        As for :func:`movement`.
    confidence : float, default 0.95
        Coverage of the interval, a proportion in (0, 1).

    Returns
    -------
    NetShift
        One row per group and Benchmark, of the ``n_pairs`` schools scored at both waves. Shares
        are from 0 to 1, ``net_shift_pp`` and its interval are percentage points. ``n_at_top``
        had achieved before and could only stay or fall.

    Raises
    ------
    BadArgumentError, FrameworkError, TableProblemsError
        As for :func:`change`.

    Notes
    -----
    Any move to a better state counts the same, from not achieved over partial to achieved. The
    interval is Tango's score interval [1]_ of the difference of two shares of the same schools;
    ``p_sign`` is the exact sign test. For pupils see :func:`scale_change`.

    References
    ----------
    .. [1] Tango, T. (1998). Statistics in Medicine, 17, 891-908.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "2", "1", "2"], "benchmark": "p1"})
    >>> scores["wave"] = ["baseline", "baseline", "year 1", "year 1"]
    >>> scores["state"] = ["partial", "partial", "achieved", "partial"]
    >>> found = net_shift(scores, before="baseline", after="year 1").to_frame()
    >>> found[["n_pairs", "n_improved", "n_worsened", "net_shift_pp"]]
       n_pairs  n_improved  n_worsened  net_shift_pp
    0        2           1           0          50.0
    """
    step = "net_shift"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    names = groups.free_names(by, (*_TAKEN, *NetShift.counts), step=step)
    table, cube = _moves(scores, (before, after), names, step)
    scored = cube[:, :_N_SCORED, :_N_SCORED]
    up = np.tril(scored, -1).sum(axis=(1, 2))
    down = np.triu(scored, 1).sum(axis=(1, 2))
    n = scored.sum(axis=(1, 2))
    table["n_pairs"] = n
    table["n_improved"], table["n_worsened"], table["n_same"] = up, down, n - up - down
    table["n_at_top"] = scored[:, 0, :].sum(axis=1)
    table["n_unmatched"] = cube.sum(axis=(1, 2)) - n
    table["share_improved"], table["share_worsened"] = groups.ratio(up, n), groups.ratio(down, n)
    table["share_at_top"] = groups.ratio(table["n_at_top"].to_numpy(), n)
    table["net_shift_pp"] = 100 * groups.ratio(up - down, n)
    low, high = paired.tango_interval(up, down, n, confidence=confidence)
    table["low_pp"], table["high_pp"] = 100 * low, 100 * high
    table["p_sign"] = paired.exact_p(up, down, n)
    return NetShift(
        table, before=before, after=after, confidence=confidence, by=tuple(names),
        framework=groups.editions(scores),
    )  # fmt: skip


def _moves(
    scores: pd.DataFrame, waves: tuple[str, str], by: list[str], step: str
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Name groups and Benchmarks, and count moves in a cube: group, place before, place after."""
    import pandas as pd

    rows = ends.scores_at(scores, waves, names=["before", "after"], by=by, step=step)
    group, table = groups.group_rows(rows, [*by, "benchmark"])
    school, distinct = pd.factorize(rows["school_urn"])
    cells, cell = np.unique(group * max(len(distinct), 1) + school, return_inverse=True)
    state = pd.Categorical(rows["state"].astype("str"), categories=list(STATES)).codes
    place = np.full((2, len(cells)), _PLACES.index(ABSENT), dtype=np.int64)
    for end, wave in enumerate(waves):
        here = (rows["wave"] == wave).to_numpy(dtype=bool)
        place[end, cell[here]] = state[here]
    size = len(_PLACES)
    owner = cells // max(len(distinct), 1)
    flat = (owner * size + place[0]) * size + place[1]
    counts = np.bincount(flat, minlength=len(table) * size**2)
    return table, counts.reshape(len(table), size, size)


def _symmetry(table: pd.DataFrame, cube: NDArray[np.int64]) -> pd.DataFrame:
    """Test the moves of each group and Benchmark; missing without pairs."""
    tests = [symmetry_tests(counts) for counts in cube]
    n = cube.sum(axis=(1, 2))
    found = table.assign(n_pairs=n, n_moved=n - np.trace(cube, axis1=1, axis2=2))
    for place, name in enumerate(Symmetry._fields):
        values = [test[place] for test in tests]
        found[name] = values if name.endswith("_df") else np.where(n > 0, values, np.nan)
    return found
