"""Which Benchmarks schools achieve together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis import groups
from careerbench.analysis.results_pictures import Combinations
from careerbench.errors import BadArgumentError, quoted
from careerbench.scoring.states import ACHIEVED, NOT_SCORED

if TYPE_CHECKING:
    import pandas as pd

_STEP = "combinations"


def combinations(scores: pd.DataFrame) -> Combinations:
    """Count the schools that achieve each combination of Benchmarks, at one wave.

    Parameters
    ----------
    scores : DataFrame
        One row per school and Benchmark: ``school_urn``, ``benchmark``, ``state``; one wave
        only.

    Returns
    -------
    Combinations
        One row per combination that occurs, the most common first and of equal ones the larger:
        ``combination`` (the Benchmarks achieved, or ``none``), ``n_achieved``, ``n_schools`` and
        ``share`` (0 to 1) of all schools counted. ``members`` says for each row which
        Benchmarks it holds.

    Raises
    ------
    MissingColumnsError, TableProblemsError, FrameworkError
        As for :func:`achieved_shares`.
    BadArgumentError
        If there is more than one wave.

    Notes
    -----
    A combination is exactly what a school achieves: a school with p1 and p2 is not counted under
    p1. Schools with a Benchmark not scored, or without a row for one, are left out and counted
    in ``n_left_out``.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": list("112233"), "benchmark": ["p1", "p2"] * 3})
    >>> scores["state"] = ["achieved"] * 4 + ["achieved", "partial"]
    >>> combinations(scores).to_frame()
      combination  n_achieved  n_schools     share
    0     p1 + p2           2          2  0.666667
    1          p1           1          1  0.333333
    """
    import pandas as pd

    groups.check_scores(scores, step=_STEP)
    _require_one_wave(scores)
    school, schools = groups.group_rows(scores, ["school_urn"])
    column, benchmarks = groups.group_rows(scores, ["benchmark"])
    known, met = np.zeros((2, len(schools), len(benchmarks)), dtype=bool)
    known[school, column] = (scores["state"] != NOT_SCORED).to_numpy(dtype=bool)
    met[school, column] = (scores["state"] == ACHIEVED).to_numpy(dtype=bool)
    whole = met[known.all(axis=1)]
    rows, n = np.unique(whole, axis=0, return_counts=True) if len(whole) else (whole, np.zeros(0))
    order = np.lexsort((np.arange(len(rows)), -rows.sum(axis=1), -n))
    rows, n = rows[order], n[order].astype(np.int64)
    names = [str(name) for name in benchmarks["benchmark"]]
    said = [" + ".join(np.array(names, dtype=object)[row]) or "none" for row in rows]
    table = pd.DataFrame({"combination": pd.array(said, dtype="str"), "n_achieved": rows.sum(1)})
    table["n_schools"] = n
    table["share"] = groups.ratio(n, np.full(len(n), len(whole)))
    members = pd.DataFrame(rows, columns=names)
    return Combinations(table, members, n_schools=len(whole), n_left_out=len(schools) - len(whole))


def _require_one_wave(scores: pd.DataFrame) -> None:
    """Refuse several waves: a school stands in one combination."""
    waves = list(scores["wave"].dropna().unique()) if groups.given(scores, "wave") else []
    if len(waves) > 1:
        raise BadArgumentError(
            f"{_STEP}: the table holds {len(waves)} waves, and a school has one combination.",
            found=quoted(waves),
            hint=f"scores[scores['wave'] == '{waves[-1]}']",
        )
