"""What schools claim of their encounters, beside what their diaries hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import narwhals as nw

from careerbench.checks import as_names, require_columns, require_frame
from careerbench.errors import BadArgumentError, CareerBenchError, quoted
from careerbench.frameworks import Item
from careerbench.periods import YEAR_GROUPS, order_year_groups, parse_year_group
from careerbench.result import Result
from careerbench.scoring import states
from careerbench.scoring.conditions import applies
from careerbench.scoring.encounters import Encounters
from careerbench.scoring.standing import known_framework

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from careerbench.frameworks import Benchmark, Framework

_STEP = "compare_with_claims"
_HINT = "scoring.score_benchmarks(audits, framework)"
_KEYS = ["school_urn", "wave"]
_AGES = ("statutory_low_age", "statutory_high_age")

SUPPORTED, PARTLY, NOT_IN_DIARY = "supported", "partly", "not in the diary"
MORE, NOTHING_CLAIMED, NO_CLAIM, NO_DIARY = (
    "more than claimed", "nothing claimed", "no claim", "no diary",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Claims(Result):
    """Claims beside diaries, per school, wave and Benchmark."""

    n_diaries_unmatched: int

    caption: ClassVar[str] = "What schools claim, beside what their diaries hold"
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_activities": (),
        "n_years_seen": (),
        "n_years_expected": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what a verdict means, and that a blank diary shows nothing."""
        return (
            "A diary that is absent or blank is no evidence that nothing took place: 'not in the "
            "diary' and 'no diary' say what was written down, not what was done.",
            "supported: the diary has the encounters that the claim needs, year group by year "
            "group; it does not show that every pupil took part, or that they were meaningful.",
            "An activity for the whole school counts as seen by every year group.",
            f"{self.n_diaries_unmatched:,} diaries (school and wave) have no scores beside them.",
        )


def compare_with_claims(
    encounters: Encounters,
    scores: pd.DataFrame,
    *,
    framework: Framework | None = None,
    schools: pd.DataFrame | None = None,
    year_groups: Iterable[str] | None = None,
) -> Claims:
    """Put the encounters of the diaries beside what schools claim in their audits.

    Parameters
    ----------
    encounters : Encounters
        From ``count_encounters(activities)``, counted by wave.
    scores : DataFrame
        The table of ``score_benchmarks``.
    framework : Framework, optional
        Needed where the scores stand under a framework that does not come with careerbench.
    schools : DataFrame, optional
        ``school_urn``, ``statutory_low_age`` and ``statutory_high_age``: which year groups each
        school teaches.
    year_groups : list of str, optional
        The year groups of every school, instead of ``schools``.

    Returns
    -------
    Claims
        One row per school, wave and Benchmark that encounters are evidence for: ``claimed`` (the
        state), ``encounter``, ``n_activities``, ``n_years_seen`` and ``n_years_expected`` (year
        groups with an encounter, and that need one; missing where one year group will do or the
        school's are not known), ``years_lacking``, ``verdict`` and ``reason``.

        The verdict is *supported*; *partly* (achieved is claimed, the diary lacks year groups, or
        they are not known); *not in the diary* (achieved or partial is claimed); *more than
        claimed* (not achieved is claimed, yet the diary has encounters); *nothing claimed* (nor
        in the diary); *no claim* (not scored); *no diary* (no activity of any kind).

    Raises
    ------
    CareerBenchError
        If the encounters are not counted by wave, a column is missing, a school and wave has a
        Benchmark twice, or no kind of encounter is evidence for this framework's Benchmarks.

    Examples
    --------
    >>> from careerbench.scoring import count_encounters
    >>> import pandas as pd
    >>> diary = pd.DataFrame({"activity": ["employer talk"], "year_group": ["4"]})
    >>> diary = diary.assign(school_urn="900001", wave="baseline")
    >>> scores = pd.DataFrame({"benchmark": ["p5", "p6"], "state": ["achieved", "partial"]})
    >>> scores = scores.assign(school_urn="900001", wave="baseline", framework="ne-primary-2019")
    >>> found = compare_with_claims(count_encounters(diary), scores)
    >>> found.to_frame()[["benchmark", "claimed", "verdict"]]
      benchmark   claimed           verdict
    0        p5  achieved         supported
    1        p6   partial  not in the diary
    """
    import pandas as pd

    _check(encounters, scores)
    edition = known_framework(scores, framework, step=_STEP)
    wanted = None if year_groups is None else _read_years(year_groups)
    if schools is not None:
        require_frame(schools, step=_STEP, hint="schools=loaders.load_schools(path)")
    parts = []
    for encounter in encounters.rules.encounters:
        found = encounter.benchmark_of(edition)
        if found is not None:
            rows = _of_benchmark(encounters, encounter.id, scores, found[0].id)
            taught = _expected(found, rows, schools, wanted)
            parts.append(_judged(rows, taught, each=found[1] == "each_year_group"))
    if not parts:
        raise CareerBenchError(
            f"{_STEP}: no encounter is evidence for a Benchmark of '{edition.id}'.",
            found=f"family '{edition.family}'",
            hint="count_encounters(activities, rules='my_encounters.toml'), with its evidence",
        )
    return Claims(
        pd.concat(parts, ignore_index=True), n_diaries_unmatched=_unmatched(encounters, scores)
    )


def _check(encounters: object, scores: pd.DataFrame) -> None:
    if not isinstance(encounters, Encounters):
        raise BadArgumentError(
            f"{_STEP}: encounters must be counted first.",
            found=type(encounters).__name__,
            hint="scoring.count_encounters(activities)",
        )
    if encounters.period != "wave":
        raise BadArgumentError(
            f"{_STEP}: scores stand by wave, the encounters by {encounters.period}.",
            found=f"period='{encounters.period}'",
            hint="count_encounters(activities, period='wave')",
        )
    require_frame(scores, step=_STEP, hint=_HINT)
    require_columns(scores.columns, [*_KEYS, "benchmark", "state"], step=_STEP, hint=_HINT)
    n_twice = int(scores.duplicated([*_KEYS, "benchmark"]).sum())
    if n_twice:
        raise CareerBenchError(
            f"{_STEP}: {n_twice:,} rows repeat a school, wave and Benchmark.",
            found="more than one rater, or table, in one",
            hint="scores[scores['rater'] == 'self']",
        )


def _read_years(said: Iterable[str]) -> list[str]:
    given = as_names(said)
    years = [parse_year_group(year) for year in given]
    if not years or None in years:
        raise BadArgumentError(
            f"{_STEP}: year_groups must be year groups.",
            found=quoted(given),
            hint=f"such as {quoted(YEAR_GROUPS[1:4])}",
        )
    return [year for year in order_year_groups(years) if year]


def _of_benchmark(
    encounters: Encounters, encounter: str, scores: pd.DataFrame, benchmark: str
) -> pd.DataFrame:
    """Bring each school's claim, diary and encounters of one kind together."""
    import pandas as pd

    mine = scores[scores["benchmark"] == benchmark]
    rows = mine[_KEYS].astype("str").reset_index(drop=True)
    rows["claimed"] = mine["state"].astype("str").to_numpy()
    table = encounters.table[encounters.table["encounter"] == encounter]
    table = table.dropna(subset=["wave"]).astype(dict.fromkeys(_KEYS, "str"))
    grouped = table.groupby(_KEYS)
    seen = grouped.agg(n_activities=("n_activities", "sum")).reset_index()
    seen["_seen"] = [
        tuple(None if pd.isna(year) else year for year in years)
        for years in grouped["year_group"].agg(list)
    ]
    diaries = encounters.diaries.dropna(subset=["wave"]).astype(dict.fromkeys(_KEYS, "str"))
    rows = rows.merge(diaries[_KEYS].assign(_diary=True), on=_KEYS, how="left")
    rows = rows.merge(seen, on=_KEYS, how="left")
    rows["n_activities"] = rows["n_activities"].fillna(0).astype("int64")
    rows["_seen"] = [years if isinstance(years, tuple) else () for years in rows["_seen"]]
    rows["_diary"] = rows["_diary"].notna()
    return rows.assign(wave=mine["wave"].array, benchmark=benchmark, encounter=encounter)


def _expected(
    found: tuple[Benchmark, str],
    rows: pd.DataFrame,
    schools: pd.DataFrame | None,
    wanted: list[str] | None,
) -> list[tuple[str, ...] | None]:
    """Say which year groups need an encounter; None where it is not known or any one will do."""
    benchmark, needs = found
    if needs != "each_year_group":
        return [None] * len(rows)
    asked = {year for item in benchmark.items if item.by_year_group for year in item.year_groups}
    limit = [year for year in YEAR_GROUPS if not asked or year in asked]
    if wanted is not None:
        return [tuple(year for year in wanted if year in limit)] * len(rows)
    if schools is None:
        return [None] * len(rows)
    taught = _taught(schools, limit)
    return [taught.get(urn) for urn in rows["school_urn"]]


def _taught(schools: pd.DataFrame, years: list[str]) -> dict[str, tuple[str, ...]]:
    """Say which year groups each school teaches, by its ages; schools without ages are left out."""
    require_columns(
        schools.columns, ["school_urn", *_AGES], step=_STEP,
        hint="schools=loaders.load_schools(path)",
    )  # fmt: skip
    aged = schools.dropna(subset=list(_AGES))
    frame = nw.from_native(aged, eager_only=True)
    known = frame.select(
        *(
            applies(Item(year, "", "", (), year_groups=(year,)), frame.columns, step=_STEP).alias(
                f"year {year}"
            )
            for year in years
        )
    ).to_pandas()
    flags = known.to_numpy(dtype=bool)
    return {
        str(urn): tuple(year for year, taught in zip(years, row, strict=True) if taught)
        for urn, row in zip(aged["school_urn"], flags, strict=True)
    }


def _judged(
    rows: pd.DataFrame, expected: list[tuple[str, ...] | None], *, each: bool
) -> pd.DataFrame:
    """Give each claim its verdict, and the reason in words."""
    import pandas as pd

    found, lacking, verdicts = [], [], []
    columns = (rows[name] for name in ("claimed", "n_activities", "_seen", "_diary"))
    for (claimed, n_activities, seen, diary), years in zip(
        zip(*columns, strict=True), expected, strict=True
    ):
        reached = set(years or ()) if None in seen else set(seen)
        short = [year for year in years or () if year not in reached]
        found.append(len(reached & set(years)) if years is not None else None)
        lacking.append(", ".join(short))
        evidence = _evidence(n_activities, years, short, each=each)
        verdicts.append(_verdict(claimed, evidence, diary=diary))
    table = rows[["school_urn", "wave", "benchmark", "claimed", "encounter", "n_activities"]]
    n_expected = [None if years is None else len(years) for years in expected]
    return table.assign(
        n_years_seen=pd.array(found, dtype="Int64"),
        n_years_expected=pd.array(n_expected, dtype="Int64"),
        years_lacking=pd.array(lacking, dtype="str"),
        verdict=pd.array([verdict for verdict, _ in verdicts], dtype="str"),
        reason=pd.array([reason for _, reason in verdicts], dtype="str"),
    )


def _evidence(
    n_activities: int, years: tuple[str, ...] | None, short: list[str], *, each: bool
) -> tuple[str, str]:
    """Say how far a diary goes towards *achieved*, and why."""
    if not n_activities:
        return NOT_IN_DIARY, "the diary has activities, but none of this kind"
    if not each:
        return SUPPORTED, "the diary has such an encounter; one year group will do"
    if years is None:
        return PARTLY, "which year groups the school teaches is not known"
    if not years:
        return PARTLY, "the school teaches no year group that the Benchmark asks about"
    if short:
        return PARTLY, f"{len(short)} of {len(years)} year groups have none in the diary"
    return SUPPORTED, f"all {len(years)} year groups have one in the diary"


def _verdict(claimed: str, evidence: tuple[str, str], *, diary: bool) -> tuple[str, str]:
    """Set a claim beside the evidence."""
    found, reason = evidence
    if claimed == states.NOT_SCORED:
        return NO_CLAIM, "the Benchmark is not scored"
    if not diary:
        return NO_DIARY, "no activity of any kind was written down"
    if claimed == states.NOT_ACHIEVED:
        return (NOTHING_CLAIMED, reason) if found == NOT_IN_DIARY else (MORE, reason)
    if claimed == states.PARTIAL and found == PARTLY:
        return SUPPORTED, f"partial is claimed, and {reason}"
    return found, reason


def _unmatched(encounters: Encounters, scores: pd.DataFrame) -> int:
    """Count the diaries of schools and waves that have no scores."""
    known = scores[_KEYS].drop_duplicates().astype("str").assign(_known=True)
    diaries = encounters.diaries[_KEYS].astype("str").merge(known, on=_KEYS, how="left")
    return int(diaries["_known"].isna().sum())
