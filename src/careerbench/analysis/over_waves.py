"""Three waves or more: do the same schools differ over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import ends, groups
from careerbench.analysis.results_tests import WaveTest
from careerbench.errors import BadArgumentError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

_FACTS = (
    "n_schools", "n_complete", "n_dropped", "n_changing", "statistic", "df", "p", "kendall_w",
)  # fmt: skip
_TAKEN = ("wave", "school_urn", "state", *_FACTS, "share", "mean_rank", "median")


def friedman_waves(
    data: pd.DataFrame,
    *,
    outcome: str,
    waves: Sequence[str],
    by: str | Iterable[str] | None = None,
) -> WaveTest:
    """Test whether a number of the same schools differs over the waves: Friedman's test.

    Parameters
    ----------
    data : DataFrame
        One row per school and wave (and ``by``): ``school_urn``, ``wave`` and the outcome.
    outcome : str
        Column with the number, missing where the school has none.
    waves : sequence of str
        Three waves or more.
    by : str or list of str, optional
        Columns to take apart.

    Returns
    -------
    WaveTest
        One row per group: ``n_schools``, ``n_complete`` (a number at every wave), ``n_dropped``,
        ``n_changing``, ``statistic``, ``df``, ``p`` and Kendall's ``kendall_w`` (0 to 1); missing
        with fewer than two complete schools. ``by_wave`` has mean ranks and medians.

    Raises
    ------
    MissingColumnsError, BadArgumentError, TableProblemsError
        As for :func:`wilcoxon_change`; also if fewer than three waves are named.

    Notes
    -----
    Friedman's statistic with middle ranks and the correction for ties, from scipy [1]_. Where no
    school changed at all it is 0 over 0; it is given as 0 with p 1, and W is missing.

    References
    ----------
    .. [1] Friedman, M. (1937). J. American Statistical Association, 32(200), 675-701.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"school_urn": list("123") * 3, "wave": list("aaabbbccc")})
    >>> data["n"] = [1, 2, 0, 2, 3, 1, 4, 4, 2]
    >>> found = friedman_waves(data, outcome="n", waves=["a", "b", "c"]).to_frame()
    >>> found[["n_complete", "n_dropped", "statistic", "kendall_w"]]
       n_complete  n_dropped  statistic  kendall_w
    0           3          0        6.0        1.0
    """
    step = "friedman_waves"
    order = _three_or_more(waves, step)
    names = groups.free_names(by, (*_TAKEN, outcome), step=step)
    rows, value = ends.numbers_at(
        data, outcome, order, names=["waves"] * len(order), by=names, step=step
    )
    return _over_waves(rows, value, order, names, ("friedman", _friedman))


def cochran_waves(
    scores: pd.DataFrame, *, waves: Sequence[str], by: str | Iterable[str] | None = None
) -> WaveTest:
    """Test whether as many of the same schools achieve a Benchmark at every wave: Cochran's Q.

    Parameters
    ----------
    scores : DataFrame
        One row per school, wave and Benchmark: ``school_urn``, ``wave``, ``benchmark``,
        ``state``; ``framework`` if there are several.
    waves : sequence of str
        Three waves or more.
    by : str or list of str, optional
        Columns to take apart.

    Returns
    -------
    WaveTest
        One row per group and Benchmark, as for :func:`friedman_waves`; complete schools are
        scored at every wave. ``by_wave`` has the share achieving among them.

    Raises
    ------
    BadArgumentError, FrameworkError, TableProblemsError
        As for :func:`change`; also if fewer than three waves are named.

    Notes
    -----
    Cochran's Q [1]_ is Friedman's statistic of yes and no.

    References
    ----------
    .. [1] Cochran, W. G. (1950). Biometrika, 37(3/4), 256-266.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": list("123") * 3, "wave": list("aaabbbccc")})
    >>> scores["state"] = ["partial"] * 4 + ["achieved"] * 5
    >>> found = cochran_waves(scores.assign(benchmark="p1"), waves=["a", "b", "c"]).to_frame()
    >>> found[["benchmark", "n_complete", "n_changing", "statistic", "df"]]
      benchmark  n_complete  n_changing  statistic  df
    0        p1           3           3   4.666667   2
    """
    step = "cochran_waves"
    order = _three_or_more(waves, step)
    names = groups.free_names(by, (*_TAKEN, "benchmark"), step=step)
    rows = ends.scores_at(scores, order, names=["waves"] * len(order), by=names, step=step)
    achieved = (rows["state"] == "achieved").to_numpy(dtype=np.float64)
    achieved[(rows["state"] == "not scored").to_numpy(dtype=bool)] = np.nan
    return _over_waves(
        rows, achieved, order, names, ("cochran", _cochran), keys=[*names, "benchmark"]
    )


def _three_or_more(waves: Sequence[str], step: str) -> list[str]:
    order = (
        checks.as_names(waves)
        if isinstance(waves, str)
        else checks.require_several(
            waves, name="waves", step=step, hint="waves=['baseline', 'year 1', 'year 2']"
        )
    )
    if len(order) < 3:
        raise BadArgumentError(
            f"{step}: at least three waves are needed.",
            found=quoted(order),
            hint="waves=[...] in order; two waves: analysis.change or analysis.wilcoxon_change",
        )
    return order


def _over_waves(
    rows: pd.DataFrame,
    value: NDArray[np.float64],
    waves: list[str],
    by: list[str],
    test: tuple[str, Callable[[NDArray[np.float64]], float]],
    *,
    keys: list[str] | None = None,
) -> WaveTest:
    """Lay out the complete schools of each group and test them."""
    group, table = groups.group_rows(rows, by if keys is None else keys)
    found, by_wave = [], []
    for number in range(len(table)):
        here = group == number
        block, n_schools = ends.complete_over(rows[here], value[here], waves)
        found.append(_tested(block, n_schools, test[1]))
        lead = table.iloc[[number] * len(waves)].reset_index(drop=True)
        by_wave.append(
            lead.assign(wave=waves, n_complete=len(block), **_wave_facts(block, test[0]))
        )
    for name in _FACTS:
        table[name] = [each[name] for each in found]
    return WaveTest(
        table, _stacked(by_wave, table), test[0], tuple(waves), by=tuple(by),
        framework=groups.editions(rows),
    )  # fmt: skip


def _stacked(frames: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(frames, ignore_index=True) if frames else empty


def _tested(
    block: NDArray[np.float64], n_schools: int, statistic: Callable[[NDArray[np.float64]], float]
) -> dict[str, object]:
    """Count the schools and test the complete ones."""
    from scipy.stats import chi2

    n, k = block.shape
    n_changing = int((np.ptp(block, axis=1) > 0).sum()) if n else 0
    counts = {"n_schools": n_schools, "n_complete": n, "n_dropped": n_schools - n,
              "n_changing": n_changing}  # fmt: skip
    if n < 2:
        return counts | {"statistic": np.nan, "df": k - 1, "p": np.nan, "kendall_w": np.nan}
    if not n_changing:
        return counts | {"statistic": 0.0, "df": k - 1, "p": 1.0, "kendall_w": np.nan}
    found = statistic(block)
    p = float(chi2.sf(found, k - 1))
    return counts | {"statistic": found, "df": k - 1, "p": p, "kendall_w": found / (n * (k - 1))}


def _friedman(block: NDArray[np.float64]) -> float:
    from scipy.stats import friedmanchisquare

    return float(friedmanchisquare(*block.T).statistic)


def _cochran(block: NDArray[np.float64]) -> float:
    k = block.shape[1]
    columns, rows = block.sum(axis=0), block.sum(axis=1)
    spread = k * (columns**2).sum() - columns.sum() ** 2
    return float((k - 1) * spread / (k * rows.sum() - (rows**2).sum()))


def _wave_facts(block: NDArray[np.float64], test: str) -> dict[str, NDArray[np.float64]]:
    """Say what each wave looks like among the complete schools."""
    from scipy.stats import rankdata

    if not len(block):
        empty = np.full(block.shape[1], np.nan)
        return {"share": empty} if test == "cochran" else {"mean_rank": empty, "median": empty}
    if test == "cochran":
        return {"share": block.mean(axis=0)}
    return {"mean_rank": rankdata(block, axis=1).mean(axis=0), "median": np.median(block, axis=0)}
