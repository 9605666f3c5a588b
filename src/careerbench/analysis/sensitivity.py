"""Would the answer be another, had we counted in another way that is just as defensible."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks, scoring
from careerbench.analysis import groups
from careerbench.analysis.change import change
from careerbench.analysis.headline import adjusted_change, mean_change, numbers_achieved
from careerbench.analysis.sensitivity_results import Sensitivity
from careerbench.errors import BadArgumentError
from careerbench.frameworks import Framework
from careerbench.panel import Wave, choose_audits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd


_WINDOWS = "a list of panel.Wave, such as those of the study"
_STEP = "sensitivity"
_MISSING = ("as_not_met", "exclude", "not_scored")
_RULES = ("latest", "first", "best")
RULE = "framework's rule"


@dataclass(frozen=True)
class Choice:
    """One way to count: who is in, what a blank is, what achieving is, which audit counts."""

    sample: str
    missing: str
    threshold: str
    wave_rule: str
    adjusted: str


def sensitivity(
    audits: pd.DataFrame,
    framework: Framework,
    *,
    before: str,
    after: str,
    benchmark: str | None = None,
    cuts: Iterable[float] = (0.8, 1.0),
    waves: Sequence[Wave] | None = None,
    full: bool = False,
    confidence: float = 0.95,
) -> Sensitivity:
    """Answer the headline question under every other defensible choice.

    Parameters
    ----------
    audits : DataFrame
        One row per school, wave and item, as for :func:`careerbench.scoring.score_benchmarks`;
        with ``audit_date`` the rule for several audits in a wave is varied too.
    framework : Framework
        The edition the answers were given under.
    before, after : str
        The two waves.
    benchmark : str, optional
        The Benchmark whose share of schools achieving is the headline. Default: the mean number
        of Benchmarks achieved.
    cuts : iterable of float, default (0.8, 1.0)
        Shares of items met from which a Benchmark counts as achieved, in (0, 1], in place of the
        framework's rule.
    waves : sequence of Wave, optional
        Windows that decide which wave an audit belongs to, as for
        :func:`careerbench.panel.choose_audits`.
    full : bool, default False
        Every combination of choices; otherwise one choice is changed at a time.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    Sensitivity
        One row per set of choices, the headline first: what was ``changed``, the five choices,
        ``estimate`` (change, after less before: percentage points, or Benchmarks), its interval,
        ``difference`` from the headline, ``n_schools`` it rests on, ``n_left_out`` (schools seen
        in either wave and not used) and why there is no estimate (``estimate_reason``).

    Raises
    ------
    MissingColumnsError, CareerBenchError
        As scoring and ``choose_audits`` raise them.
    BadArgumentError
        If a wave or Benchmark is not there, or a cut is no share.

    Notes
    -----
    The headline: matched schools, the framework's own rules, the latest audit of a wave, not
    adjusted. Shares use the intervals of :func:`change`; mean numbers a t interval with schools
    as the unit (schools at one end only count where all schools do). *Adjusted*: the change of
    matched schools, regressed on their baseline and carried over to the baseline of all schools
    scored then, leavers included; its interval rests on HC2 standard errors. It needs matched
    schools. A school with a Benchmark that is not scored has no number achieved and is left out.
    A table of choices is no test: many rows that agree are the same schools counted again [1]_.

    References
    ----------
    .. [1] Steegen, S., Tuerlinckx, F., Gelman, A. and Vanpaemel, W. (2016). Perspectives on
       Psychological Science, 11, 702-712.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.frameworks import load_framework
    >>> rows = [(urn, wave, answer) for urn, *said in ("1nyy", "2nny", "3yyn")
    ...         for wave, answer in zip(("baseline", "year 1"), said)]
    >>> audits = pd.DataFrame(rows, columns=["school_urn", "wave", "answer"])
    >>> audits["answer"] = audits["answer"].map({"y": "In place", "n": "Not in place"})
    >>> found = sensitivity(audits.assign(item="p8_staff"), load_framework("ne-primary-2019"),
    ...                     before="baseline", after="year 1", benchmark="p8", cuts=[0.5])
    >>> found.to_frame()[["changed", "threshold", "estimate", "n_schools"]].head(2).round(1)
        changed         threshold  estimate  n_schools
    0  headline  framework's rule      33.3          3
    1    sample  framework's rule      33.3          3
    """
    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    _check(audits, framework, before, after, benchmark, waves)
    checks.require_truth(full, name="full", step=_STEP)
    shares = checks.require_several(cuts, name="cuts", step=_STEP, hint="cuts=[0.8, 1.0]")
    options, same = _options(audits, framework, shares, waves)
    headline = Choice(*(values[0] for values in options.values()))
    choices, n_skipped = _choices(headline, options, full=full)
    scored: dict[tuple[str, str], pd.DataFrame] = {}
    n_seen = _n_seen(_chosen(audits, waves, headline.wave_rule), before, after)
    rows = []
    for choice in choices:
        key = (choice.missing, choice.wave_rule)
        if key not in scored:
            chosen = _chosen(audits, waves, choice.wave_rule, framework)
            scored[key] = scoring.score_benchmarks(chosen, framework, missing=choice.missing)
        scores = _with_threshold(scored[key], choice.threshold)
        found = _estimate(scores, choice, before, after, benchmark, confidence)
        left = {"n_left_out": max(n_seen - int(found["n_schools"]), 0)}  # type: ignore[call-overload]
        rows.append({"changed": _changed(choice, headline), **vars(choice), **found, **left})
    return Sensitivity(
        _table(rows), before=before, after=after, benchmark=benchmark, confidence=confidence,
        full=full, n_skipped=n_skipped, not_varied=same, framework=(framework.id,),
    )  # fmt: skip


def _check(
    audits: pd.DataFrame, framework: Framework, before: str, after: str,
    benchmark: str | None, waves: Sequence[Wave] | None,
) -> None:  # fmt: skip
    """Refuse what no row of the table could use."""
    hint = "loaders.load_audits(path, framework=framework)"
    needed = ["school_urn", "wave", "item", "answer"]
    groups.require_table(audits, needed, step=_STEP, hint=hint)
    if not isinstance(framework, Framework):
        raise BadArgumentError(
            f"{_STEP}: framework must be a Framework.",
            found=type(framework).__name__,
            hint="frameworks.load_framework('ne-primary-2019')",
        )
    _require_windows(waves)
    known = [wave.id for wave in waves] if waves else list(audits["wave"].dropna().unique())
    for name, value in (("before", before), ("after", after)):
        checks.require_one_of(value, known, name=name, step=_STEP)
    if before == after:
        raise BadArgumentError(
            f"{_STEP}: before and after are the same wave.", found=f"'{before}' twice",
            hint="two waves",
        )  # fmt: skip
    if benchmark is not None:
        ids = [one.id for one in framework.benchmarks]
        checks.require_one_of(benchmark, ids, name="benchmark", step=_STEP)


def _require_windows(waves: object) -> None:
    """Refuse anything but windows of waves."""
    several = (
        []
        if waves is None
        else checks.require_several(waves, name="waves", step=_STEP, hint=_WINDOWS)
    )
    if not all(isinstance(wave, Wave) for wave in several):
        raise BadArgumentError(
            f"{_STEP}: waves must be windows of time.", found=checks.said(waves), hint=_WINDOWS
        )


def _options(
    audits: pd.DataFrame, framework: Framework, cuts: list[float], waves: Sequence[Wave] | None
) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """List what each choice can be, the headline's first, and what cannot be varied."""
    for cut in cuts:
        if not checks.is_number(cut) or not 0 < cut <= 1:
            raise BadArgumentError(
                f"{_STEP}: cuts must be shares above 0 and up to 1.",
                found=checks.said(cut),
                hint="cuts=[0.8, 1.0]",
            )
    same = []
    rules = ["latest"]
    dated = "audit_date" in audits and audits["audit_date"].notna().any()
    if dated and _several(audits, waves):
        rules = list(_RULES)
    else:
        same.append("wave_rule: no school has two dated audits in one wave")
    return {
        "sample": ["matched", "all schools"],
        "missing": sorted(_MISSING, key=lambda rule: rule != framework.missing),
        "threshold": [RULE, *(f"share >= {cut:g}" for cut in dict.fromkeys(cuts))],
        "wave_rule": rules,
        "adjusted": ["no", "yes"],
    }, tuple(same)


def _choices(
    headline: Choice, options: dict[str, list[str]], *, full: bool
) -> tuple[list[Choice], int]:
    """List the choices to try, and count those that cannot be."""
    if not full:
        others = [
            replace(headline, **{name: value})
            for name, values in options.items()
            for value in values[1:]
        ]
        return [headline, *others], 0
    every = [Choice(*values) for values in itertools.product(*options.values())]
    fine = [one for one in every if one.adjusted == "no" or one.sample == "matched"]
    return fine, len(every) - len(fine)


def _several(audits: pd.DataFrame, waves: Sequence[Wave] | None) -> bool:
    """Say whether any school has several audits in a wave."""
    chosen = choose_audits(audits, waves, rule="latest")
    return bool((chosen["n_audits"] > 1).any())


def _chosen(
    audits: pd.DataFrame, waves: Sequence[Wave] | None, rule: str,
    framework: Framework | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Keep the audits that count under a rule."""
    dated = "audit_date" in audits and audits["audit_date"].notna().any()
    if not dated and waves is None:
        return audits
    quality = _quality(audits, framework) if rule == "best" and framework else None
    return choose_audits(audits, waves, rule=rule, quality=quality)


def _quality(audits: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Count the Benchmarks that each single audit achieves."""
    date = audits["audit_date"]
    single = audits.assign(wave=date.astype("str"))
    scores = scoring.score_benchmarks(single, framework)
    scores["quality"] = (scores["state"] == "achieved").astype(int)
    counted = scores.groupby(["school_urn", "wave"], as_index=False)["quality"].sum()
    dates = single[["school_urn", "wave", "audit_date"]].drop_duplicates()
    return dates.merge(counted, on=["school_urn", "wave"], validate="1:1").drop(columns="wave")


def _n_seen(audits: pd.DataFrame, before: str, after: str) -> int:
    here = audits["wave"].isin([before, after])
    return int(audits.loc[here, "school_urn"].nunique())


def _with_threshold(scores: pd.DataFrame, threshold: str) -> pd.DataFrame:
    """Judge by the share of items met where that is the choice."""
    if threshold == RULE:
        return scores
    cut = float(threshold.removeprefix("share >= "))
    state = np.where(scores["share"] >= cut - 1e-12, "achieved", "not achieved")
    return scores.assign(state=np.where(scores["state"] == "not scored", "not scored", state))


def _estimate(
    scores: pd.DataFrame, choice: Choice, before: str, after: str,
    benchmark: str | None, confidence: float,
) -> dict[str, object]:  # fmt: skip
    """Estimate the change under one set of choices."""
    rows = scores[scores["wave"].isin([before, after])]
    if benchmark is not None:
        rows = rows[rows["benchmark"] == benchmark]
    if benchmark is None or choice.adjusted == "yes":
        values = numbers_achieved(rows, before, after, scale=1 if benchmark is None else 100)
        if choice.adjusted == "yes":
            return adjusted_change(values, confidence)
        return mean_change(values, confidence, matched=choice.sample == "matched")
    order = rows.assign(wave=rows["wave"].astype("str"))
    if not {before, after} <= set(order["wave"]):
        return _nothing("no school at one end")
    row = change(order, before=before, after=after, confidence=confidence).to_frame().iloc[0]
    lead = "matched_" if choice.sample == "matched" else ""
    n_all = int(row["n_pairs"] + row["n_only_before"] + row["n_only_after"])
    n = int(row["n_pairs"]) if lead else n_all
    columns = {"estimate": "change", "low": "low", "high": "high"}
    found = {name: float(row[f"{lead}{column}_pp"]) for name, column in columns.items()}
    reason = "no school at both ends" if np.isnan(found["estimate"]) else None
    return {**found, "n_schools": n, "estimate_reason": reason}


def _nothing(reason: str) -> dict[str, object]:
    nan = float("nan")
    return {"estimate": nan, "low": nan, "high": nan, "n_schools": 0, "estimate_reason": reason}


def _changed(choice: Choice, headline: Choice) -> str:
    """Name the choices that are not the headline's."""
    names = [field.name for field in fields(choice)]
    others = [name for name in names if getattr(choice, name) != getattr(headline, name)]
    return ", ".join(others) or "headline"


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Lay the rows out, with the difference from the headline."""
    import pandas as pd

    table = pd.DataFrame(rows).astype({"estimate_reason": "str"})
    table.insert(table.columns.get_loc("high") + 1, "difference",
                 table["estimate"] - table["estimate"].iloc[0])  # fmt: skip
    return table
