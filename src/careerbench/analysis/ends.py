"""Two waves or more: rows that may be compared, and who is at which of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from careerbench import checks
from careerbench.analysis import groups
from careerbench.errors import BadArgumentError, FrameworkError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

_SCORES = "scoring.score_benchmarks(audits, framework), with a wave for each audit"
_NUMBERS = "one row per school and wave, such as analysis.number_achieved(scores).schools"
COUNTS = ("n_before", "n_after", "n_pairs", "n_only_before", "n_only_after", "n_missing")


class Pairs(NamedTuple):
    """Numbers of one group at two waves: matched values, and everyone's with their schools."""

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    all_before: NDArray[np.float64]
    all_after: NDArray[np.float64]
    units: tuple[NDArray[np.int64], NDArray[np.int64]]
    n_missing: int

    @property
    def counts(self) -> dict[str, int]:
        """Say how many units are at each end, at both, and have rows but no number."""
        n, first, last = len(self.before), len(self.all_before), len(self.all_after)
        return dict(zip(COUNTS, (first, last, n, first - n, last - n, self.n_missing), strict=True))


def keep_waves(
    frame: pd.DataFrame, waves: Sequence[str], *, names: Sequence[str], step: str, hint: str
) -> pd.DataFrame:
    """Keep the rows of the waves named, each of which must be known and named once."""
    import pandas as pd

    groups.require_table(frame, ["wave"], step=step, hint=hint)
    wave = frame["wave"]
    known = wave.cat.categories if isinstance(wave.dtype, pd.CategoricalDtype) else wave.dropna()
    for name, value in zip(names, waves, strict=True):
        checks.require_one_of(value, dict.fromkeys(known), name=name, step=step)
    if len(set(waves)) < len(waves):
        raise BadArgumentError(
            f"{step}: {' and '.join(dict.fromkeys(names))} "
            + ("are the same wave." if len(set(names)) > 1 else "names a wave twice."),
            found=f"'{waves[0]}' twice" if len(waves) == 2 else quoted(waves),
            hint=f"two of {quoted(dict.fromkeys(known))}",
        )
    return frame[wave.isin(list(waves))]


def scores_at(
    scores: pd.DataFrame, waves: Sequence[str], *, names: Sequence[str], by: list[str], step: str
) -> pd.DataFrame:
    """Keep the Benchmark scores of some waves, once it is sure that they can be compared."""
    rows = keep_waves(scores, waves, names=names, step=step, hint=_SCORES)
    require_same_framework(rows, step=step)
    groups.check_scores(rows, by=by, step=step)
    return rows


def numbers_at(
    data: pd.DataFrame,
    outcome: str,
    waves: Sequence[str],
    *,
    names: Sequence[str],
    by: list[str],
    step: str,
    unit: str = "school_urn",
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Keep one number per school and wave, and hand back the rows and the numbers."""
    rows = keep_waves(data, waves, names=names, step=step, hint=_NUMBERS)
    groups.require_table(rows, [unit, outcome, *by], step=step, hint=_NUMBERS)
    require_same_framework(rows, step=step)
    groups.require_filled(rows, [unit], step=step)
    pupils = "schools are the unit: analysis.scale_change for pupils, or by= to take rows apart"
    groups.require_unique(rows, [*by, unit, "wave"], step=step, hint=pupils)
    return rows, groups.require_numbers(rows[outcome], step=step)


def pair_up(
    rows: pd.DataFrame,
    value: NDArray[np.float64],
    ends: tuple[str, str],
    by: list[str],
    unit: str = "school_urn",
) -> tuple[pd.DataFrame, Iterator[Pairs]]:
    """Name the groups, and give the matched numbers of each in turn."""
    import pandas as pd

    group, table = groups.group_rows(rows, by)
    there = ~np.isnan(value)
    wave = [(rows["wave"] == end).to_numpy(dtype=bool) for end in ends]
    who = pd.factorize(rows[unit])[0]

    def pairs() -> Iterator[Pairs]:
        for number in range(len(table)):
            here = group == number
            first, second = (here & there & end for end in wave)
            _, left, right = np.intersect1d(
                who[first], who[second], assume_unique=True, return_indices=True
            )
            silent = set(who[here]) - set(who[here & there])
            one, two = value[first], value[second]
            units = (who[first], who[second])
            yield Pairs(one[left], two[right], one, two, units, len(silent))

    return table, pairs()


def complete_over(
    rows: pd.DataFrame, value: NDArray[np.float64], waves: Sequence[str], unit: str = "school_urn"
) -> tuple[NDArray[np.float64], int]:
    """Lay out numbers as schools by waves, complete schools only, and count all schools."""
    laid = rows.assign(_value=value, wave=rows["wave"].astype("str"))
    wide = laid.pivot(index=unit, columns="wave", values="_value")  # noqa: PD010 - one row each
    wide = wide.reindex(columns=[str(wave) for wave in waves])
    return wide.dropna().to_numpy(dtype=np.float64), len(wide)


def require_same_framework(rows: pd.DataFrame, *, step: str) -> None:
    """Refuse to subtract scores under one framework edition from scores under another."""
    if "framework" not in rows.columns:
        return
    editions = list(rows["framework"].dropna().unique())
    if len(editions) > 1:
        raise FrameworkError(
            f"{step}: the two waves were scored under {len(editions)} framework editions; "
            "without a declared crosswalk their difference means nothing.",
            found=quoted(editions),
            hint="scoring.bridge(before_audits, after_audits, crosswalk).scores",
        )
