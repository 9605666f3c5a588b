"""Whether a school's own assessment and a reviewer's say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups, intervals, kappa
from careerbench.analysis.quality_results import Agreement
from careerbench.errors import BadArgumentError, TableProblemsError, did_you_mean, quoted
from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

_ORDER = STATES[:3]
_COLUMNS = (
    "n_self_only", "n_reviewer_only", "n_unscored", "n_pairs", "n_schools", "n_agree",
    "n_self_higher", "n_reviewer_higher", "agreement", "agreement_low", "agreement_high",
    *(f"{kind}{end}" for kind in kappa.WEIGHTS
      for end in ("", "_low", "_high", "_clustered_low", "_clustered_high")),
    "mean_difference", "p_direction", "kappa_reason", "clustered_reason",
)  # fmt: skip


def agreement(
    self_scores: pd.DataFrame,
    reviewer_scores: pd.DataFrame,
    *,
    by: str | Iterable[str] | None = "benchmark",
    order: Sequence[str] = _ORDER,
    unscored: str = "not scored",
    confidence: float = 0.95,
) -> Agreement:
    """Compare schools' own assessment with a reviewer's, state by state.

    Parameters
    ----------
    self_scores, reviewer_scores : DataFrame
        One row per school, wave (where both have it) and Benchmark: ``school_urn``,
        ``benchmark``, ``state``.
    by : str or list of str, default "benchmark"
        Columns to take apart, of ``self_scores`` (of ``reviewer_scores`` for rows only it has);
        None takes all together.
    order : sequence of str, default achieved, partial, not achieved
        The states from highest to lowest.
    unscored : str, default "not scored"
        The word for no state: such rows, and blank ones, are left out and counted.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    Agreement
        One row per group: counts, percent agreement, Cohen's kappa (unweighted, linear and
        quadratic weights) with two intervals each, and the direction: ``mean_difference`` in
        steps of ``order``, above 0 where the school puts itself higher. ``states`` on the record
        has the pairs of states met, with how often.

    Raises
    ------
    MissingColumnsError
        If a table lacks a column.
    TableProblemsError
        If a row is there twice, has no school or Benchmark, or holds a state that is not in
        ``order``.
    BadArgumentError
        If ``order`` names fewer than two states or one twice, or the two tables share no row.

    Notes
    -----
    Kappa [1]_, weighted kappa [2]_ and their large-sample intervals [3]_, cut at -1 and 1, are
    those of R's ``vcd::Kappa``. ``psych::cohen.kappa`` gives the same but for the interval of
    weighted kappa, where it takes one margin for the other. States nobody used keep their place
    in ``order``.
    The second interval leaves out one school at a time (jackknife, Student's t) and is right
    where a row holds several ratings of each school. There is no kappa where both put everything
    in one state (``kappa_reason``). ``p_direction`` is the exact sign test.

    References
    ----------
    .. [1] Cohen, J. (1960). Educational and Psychological Measurement, 20, 37-46.
    .. [2] Cohen, J. (1968). Psychological Bulletin, 70, 213-220.
    .. [3] Fleiss, J. L., Cohen, J. and Everitt, B. S. (1969). Psychological Bulletin, 72,
       323-327.

    Examples
    --------
    >>> import pandas as pd
    >>> own = pd.DataFrame({"school_urn": list("1234"), "benchmark": "p1",
    ...                     "state": ["achieved", "achieved", "partial", "not achieved"]})
    >>> seen = own.assign(state=["achieved", "partial", "partial", "not achieved"])
    >>> found = agreement(own, seen).to_frame()
    >>> found[["n_pairs", "n_agree", "kappa", "linear_kappa", "n_self_higher"]].round(3)
       n_pairs  n_agree  kappa  linear_kappa  n_self_higher
    0        4        3  0.636         0.714              1
    """
    step = "agreement"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    words = _checked_order(order, unscored, step=step)
    names = groups.free_names(by, (*_COLUMNS, "school_urn", "state"), step=step)
    joined = _joined(self_scores, reviewer_scores, names, words, unscored, step=step)
    group, table = groups.group_rows(joined, names)
    rows = [_row(joined[group == number], len(words), confidence) for number in range(len(table))]
    for column in _COLUMNS:
        table[column] = [row[column] for row in rows]
    met = _met(joined[joined["both"]], names, words)
    return Agreement(
        table, order=words, confidence=confidence, by=tuple(names), states=met,
        framework=groups.editions(self_scores),
    )  # fmt: skip


def _checked_order(order: Sequence[str], unscored: str, *, step: str) -> tuple[str, ...]:
    """Refuse an order that is none."""
    if not isinstance(unscored, str):
        raise BadArgumentError(
            f"{step}: unscored must be the word for no state.",
            found=checks.said(unscored),
            hint="unscored='not scored'",
        )
    hint = f"order={_ORDER!r}"
    states = (
        [order]
        if isinstance(order, str)
        else checks.require_several(order, name="order", step=step, hint=hint)
    )
    words = tuple(str(word) for word in states)
    if len(words) < 2 or len(set(words)) < len(words):
        raise BadArgumentError(
            f"{step}: order must name at least two states, each once, from highest to lowest.",
            found=checks.said(order),
            hint=hint,
        )
    return words


def _joined(
    own: pd.DataFrame, seen: pd.DataFrame, by: list[str], order: tuple[str, ...],
    unscored: str, *, step: str,
) -> pd.DataFrame:  # fmt: skip
    """Put both states of each school, wave and Benchmark side by side, as numbers."""
    key = ["school_urn", "benchmark"]
    for name, frame in (("self_scores", own), ("reviewer_scores", seen)):
        where = f"{step}: {name}"
        hint = "scoring.score_benchmarks(audits, framework)"
        groups.require_table(frame, [*key, "state"], step=where, hint=hint)
        here = [column for column in ("wave", *by) if groups.given(frame, column)]
        groups.require_plain(frame, here, step=where)
    waves = groups.given(own, "wave") and groups.given(seen, "wave")
    checks.require_columns({*own.columns, *seen.columns}, by, step=step, hint="by='benchmark'")
    key = [*key, *waves]
    sides = []
    for name, frame in (("self", own), ("reviewer", seen)):
        where = f"{step}: {name}_scores"
        groups.require_filled(frame, key, step=where)
        groups.require_unique(frame, key, step=where, hint="one row for each")
        extra = [column for column in by if column in frame.columns and column not in key]
        side = frame[[*key, *extra]].reset_index(drop=True).astype(dict.fromkeys(key, "str"))
        side["state"] = _places(frame["state"], order, unscored, step=where)
        sides.append(side.assign(place=np.arange(len(side))))
    joined = sides[0].merge(sides[1], on=key, how="outer", suffixes=("", "_reviewer"),
                            indicator="side", sort=False)  # fmt: skip
    if len(joined) and not (joined["side"] == "both").any():
        raise BadArgumentError(
            f"{step}: no {quoted(key)} is in both tables.",
            found=f"{len(own)} rows of the schools' own, {len(seen)} of the reviewer's",
            hint="the same school_urn, benchmark and wave names in both",
        )
    for column in by:
        if f"{column}_reviewer" in joined:
            joined[column] = joined[column].where(joined["side"] != "right_only",
                                                  joined[f"{column}_reviewer"])  # fmt: skip
    joined = joined.sort_values(["place", "place_reviewer"], ignore_index=True)
    scored = joined["state"].ge(0) & joined["state_reviewer"].ge(0)
    return joined.assign(both=(joined["side"] == "both") & scored)


def _places(
    state: pd.Series, order: tuple[str, ...], unscored: str, *, step: str
) -> NDArray[np.float64]:
    """Turn states into numbers, 0 the lowest; -1 for none."""
    words = state.astype("str")
    blank = state.isna() | (words == unscored)
    place = words.map({word: len(order) - 1 - rank for rank, word in enumerate(order)})
    unknown = sorted(set(words[place.isna() & ~blank]))
    if unknown:
        raise TableProblemsError(
            f"{step}: column 'state' holds {quoted(unknown)}, which order does not name.",
            found=quoted(unknown),
            hint=did_you_mean(unknown[0], order),
        )
    return place.where(~blank, -1).to_numpy(dtype=np.float64)


def _row(rows: pd.DataFrame, n_states: int, confidence: float) -> dict[str, object]:
    """Count and compare one group."""
    import pandas as pd

    pairs = rows[rows["both"]]
    own, seen = (pairs[name].to_numpy(np.int64) for name in ("state", "state_reviewer"))
    school = pd.factorize(pairs["school_urn"])[0]
    side, n = rows["side"], len(pairs)
    row: dict[str, object] = {
        "n_self_only": int((side == "left_only").sum()),
        "n_reviewer_only": int((side == "right_only").sum()),
        "n_unscored": int(((side == "both") & ~rows["both"]).sum()),
        "n_pairs": n, "n_schools": len(np.unique(school)), "n_agree": int((own == seen).sum()),
        "n_self_higher": int((own > seen).sum()), "n_reviewer_higher": int((own < seen).sum()),
        "mean_difference": float((own - seen).mean()) if n else np.nan,
    }  # fmt: skip
    n_agree = int((own == seen).sum())
    low, high = intervals.wilson_interval(n_agree, n, confidence=confidence)
    row |= {"agreement": n_agree / n if n else np.nan}
    row |= {"agreement_low": float(low), "agreement_high": float(high)}
    row["p_direction"] = _sign_test(int((own > seen).sum()), int((own < seen).sum()), n)
    return row | kappa.kappas(own, seen, school, n_states, confidence)


def _sign_test(n_higher: int, n_lower: int, n_pairs: int) -> float:
    """Test whether one side is higher as often as the other; 1 where they never differ."""
    from scipy.stats import binom

    if not n_pairs:
        return float("nan")
    return float(min(2 * binom.cdf(min(n_higher, n_lower), n_higher + n_lower, 0.5), 1.0))


def _met(pairs: pd.DataFrame, by: list[str], order: tuple[str, ...]) -> pd.DataFrame:
    """Count each pair of states that was met: a row for each, groups in their order."""
    lowest_first = np.array(order[::-1], dtype=object)
    named = pairs[by].assign(
        self_state=lowest_first[pairs["state"].to_numpy(np.int64)],
        reviewer_state=lowest_first[pairs["state_reviewer"].to_numpy(np.int64)],
    )
    group, table = groups.group_rows(named, [*by, "self_state", "reviewer_state"])
    return table.assign(n=groups.count_in(group, len(table)))
