"""Survey scales before and after: pupils in schools, all of them beside the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import clusters, ends, groups, means, t_intervals
from careerbench.analysis.results_change import ScaleChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

_STEP = "scale_change"
_NEEDS_PUPILS = "no code of respondents"
_FACTS = (
    "n_before", "n_after", "n_schools", "n_dropped", "n_missing", "mean_before", "mean_after",
    "change", "std_error", "df", "low", "high", "p", "share_rose", "share_fell", "net_shift_pp",
    "reason",
)  # fmt: skip


def scale_change(
    scale_scores: pd.DataFrame,
    *,
    before: str,
    after: str,
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
) -> ScaleChange:
    """Compare mean scale scores at two waves, with schools as the unit.

    Parameters
    ----------
    scale_scores : DataFrame
        One row per respondent, wave and scale: ``school_urn``, ``wave``, ``scale``, ``score``
        (number, missing where too few items were answered) and, where the same people answered
        at both waves, ``respondent``: a code that is the same at both.
    before, after : str
        The two waves.
    by : str or list of str, optional
        Columns to take apart, such as ``"sex"``. (A year group is another one a year later.)
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    ScaleChange
        Four rows per group and scale, by ``basis``: ``all respondents``, ``same schools``,
        ``school means`` and ``same respondents``. Change is in points of the scale, after less
        before, with ``std_error``, ``df``, interval and two-sided ``p``; ``n_before`` and
        ``n_after`` respondents in ``n_schools``; ``n_dropped`` respondents (counted once, where
        there are codes) with a score that the row leaves out. ``share_rose``, ``share_fell`` and
        ``net_shift_pp`` are of the same respondents. ``reason`` says why numbers are missing:
        ``nobody``, ``too few schools``, ``no spread``, ``no code of respondents``.

    Raises
    ------
    MissingColumnsError, BadArgumentError, TableProblemsError, FrameworkError
        As for :func:`scale_means` and :func:`change`.

    Notes
    -----
    Each respondent counts the same, save in ``school means``, where each school does. Errors are
    CR2 with Satterthwaite degrees of freedom and schools as clusters [1]_
    (:func:`careerbench.analysis.clusters.cr2_contrast`): a school at both waves is one cluster,
    whether or not the same pupils answered. ``school means`` is Student's paired t over schools.
    Respondents are matched by school and code; codes that are given out anew each wave would
    match strangers, so drop the column then.

    References
    ----------
    .. [1] Pustejovsky, J. E. and Tipton, E. (2018). J. Business & Economic Statistics, 36(4),
       672-683.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"school_urn": list("aabbaabb"), "respondent": list("12341235")})
    >>> data["wave"] = ["before"] * 4 + ["after"] * 4
    >>> data = data.assign(scale="efficacy", score=[1.0, 2, 2, 3, 2, 3, 2, 4])
    >>> found = scale_change(data, before="before", after="after").to_frame()
    >>> found[["basis", "n_before", "n_after", "change"]].round(2)
                  basis  n_before  n_after  change
    0   all respondents         4        4    0.75
    1      same schools         4        4    0.75
    2      school means         4        4    0.75
    3  same respondents         3        3    0.67
    """
    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    taken = ("school_urn", "wave", "scale", "score", "respondent", "basis", *_FACTS)
    names = groups.free_names(by, taken, step=_STEP)
    hint = "scoring.score_scale(answers, scale)"
    rows = ends.keep_waves(
        scale_scores, [before, after], names=["before", "after"], step=_STEP, hint=hint
    )
    ends.require_same_framework(rows, step=_STEP)
    score = means.check_scale_scores(rows, names, step=_STEP)
    group, table = groups.group_rows(rows, [*names, "scale"])
    wave = [(rows["wave"] == end).to_numpy(dtype=bool) for end in (before, after)]
    found = []
    for number in range(len(table)):
        here = group == number
        part = _Part(rows[here], score[here], [end[here] for end in wave])
        found += [{"basis": basis, **_tidy(facts, confidence)} for basis, facts in part.bases()]
    result = table.loc[table.index.repeat(4)].reset_index(drop=True)
    for name in ("basis", *_FACTS):
        result[name] = [row[name] for row in found]
    return ScaleChange(result, before=before, after=after, confidence=confidence, by=tuple(names))


class _Part:
    """The scores of one group and scale at both ends."""

    def __init__(
        self, rows: pd.DataFrame, score: NDArray[np.float64], ends: list[NDArray[np.bool_]]
    ) -> None:
        import pandas as pd

        there = ~np.isnan(score)
        school = pd.factorize(rows["school_urn"])[0]
        self.has_codes = "respondent" in rows.columns
        who = np.arange(len(rows))
        if self.has_codes:
            who = (
                rows.reset_index(drop=True)
                .groupby(["school_urn", "respondent"], observed=True, sort=False)
                .ngroup()
            )
            who = who.to_numpy()
        self.n_missing = len(set(who) - set(who[there]))
        self.ends = [(who[end & there], school[end & there], score[end & there]) for end in ends]
        self.n_schools = int(school.max(initial=-1)) + 1

    def bases(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Give what each basis of comparison finds."""
        everyone = [np.ones(len(end[0]), dtype=bool) for end in self.ends]
        yield "all respondents", self._contrast(everyone)
        both = np.intersect1d(self.ends[0][1], self.ends[1][1])
        stayed = [np.isin(end[1], both) for end in self.ends]
        yield "same schools", self._contrast(stayed)
        yield "school means", self._school_means(stayed)
        yield "same respondents", self._same_respondents()

    def _counts(self, keep: list[NDArray[np.bool_]]) -> dict[str, object]:
        kept = [end[1][here] for end, here in zip(self.ends, keep, strict=True)]
        ids = [end[0] for end in self.ends]
        inside = [each[here] for each, here in zip(ids, keep, strict=True)]
        dropped = np.setdiff1d(np.concatenate(ids), np.concatenate(inside))
        return {
            "n_before": len(kept[0]),
            "n_after": len(kept[1]),
            "n_schools": len(np.union1d(*kept)),
            "n_dropped": len(dropped),
            "n_missing": self.n_missing,
        }

    def _contrast(self, keep: list[NDArray[np.bool_]]) -> dict[str, object]:
        """Compare the means of those kept, with schools as clusters."""
        width = max(self.n_schools, 1)
        kept = [(end[1][here], end[2][here]) for end, here in zip(self.ends, keep, strict=True)]
        known = np.concatenate([score for _, score in kept])
        centre = float(known.mean()) if len(known) else 0.0
        total = [np.bincount(school, score - centre, minlength=width) for school, score in kept]
        size = [np.bincount(school, minlength=width) for school, _ in kept]
        found = clusters.cr2_contrast(np.array(total), np.array(size), [-1, 1])
        ends_found = {
            name: float(score.mean()) if len(score) else np.nan
            for name, (_, score) in zip(("mean_before", "mean_after"), kept, strict=True)
        }
        return self._counts(keep) | ends_found | found._asdict()

    def _school_means(self, keep: list[NDArray[np.bool_]]) -> dict[str, object]:
        """Compare the means of schools at both ends, each school counting the same."""
        per_end = []
        for (_, school, score), here in zip(self.ends, keep, strict=True):
            total = np.bincount(school[here], score[here], minlength=self.n_schools)
            size = np.bincount(school[here], minlength=self.n_schools)
            per_end.append(total[size > 0] / size[size > 0])
        first, second = per_end
        n, change = len(first), second - first
        error = float(change.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan
        return self._counts(keep) | {
            "mean_before": float(first.mean()) if n else np.nan,
            "mean_after": float(second.mean()) if n else np.nan,
            "estimate": float(change.mean()) if n else np.nan,
            "error": error,
            "freedom": n - 1,
        }

    def _same_respondents(self) -> dict[str, object]:
        """Compare those with a score at both ends, with schools as clusters."""
        if not self.has_codes:
            nobody = [np.zeros(len(end[0]), dtype=bool) for end in self.ends]
            return self._contrast(nobody) | {"reason": _NEEDS_PUPILS}
        _, left, right = np.intersect1d(
            self.ends[0][0], self.ends[1][0], assume_unique=True, return_indices=True
        )
        keep = [np.isin(np.arange(len(end[0])), at) for end, at in
                zip(self.ends, (left, right), strict=True)]  # fmt: skip
        first, second = self.ends[0][2][left], self.ends[1][2][right]
        change, school = second - first, self.ends[0][1][left]
        owner, total, size, _ = clusters.cluster_sums(np.zeros(len(change), int), school, change)
        mean, error, freedom = clusters.cr2_mean(total, size, owner, n_groups=1)
        rose, fell = (groups.ratio(np.array([moved.sum()]), np.array([len(change)]))[0]
                      for moved in (change > 0, change < 0))  # fmt: skip
        return self._counts(keep) | {
            "mean_before": float(first.mean()) if len(first) else np.nan,
            "mean_after": float(second.mean()) if len(second) else np.nan,
            "estimate": mean[0], "error": error[0], "freedom": freedom[0],
            "share_rose": rose, "share_fell": fell, "net_shift_pp": 100 * (rose - fell),
        }  # fmt: skip


def _tidy(facts: dict[str, object], confidence: float) -> dict[str, object]:
    """Add interval and test to an estimate, or say why there is none."""
    found = tuple(float(facts.pop(name)) for name in ("estimate", "error", "freedom"))  # type: ignore[arg-type]
    tested = t_intervals.change_facts(found, confidence=confidence)
    blank = dict.fromkeys(("share_rose", "share_fell", "net_shift_pp"), np.nan)
    return blank | tested | facts
