"""What holds a school back: the criteria between it and the next state of a Benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from careerbench.checks import require_columns, require_one_of
from careerbench.errors import BadArgumentError
from careerbench.scoring import standing, states
from careerbench.scoring.benchmarks import score_criteria
from careerbench.scoring.holding_results import HoldingBack
from careerbench.scoring.standing import ANSWERED, APPLIES, COMPLETE, COUNTS, HOLDS, SOME_MET
from careerbench.scoring.table import texts
from careerbench.scoring.ways import NOTHING_TO_DO, Part, Way, looked_at, part_of

if TYPE_CHECKING:
    import pandas as pd
    from narwhals.typing import IntoDataFrame
    from numpy.typing import NDArray

    from careerbench.frameworks import Benchmark, Framework
    from careerbench.scoring.standing import Standing

_STEP = "holding_back"
_HINT = (
    "holding_back(scoring.score_criteria(audits, framework)), or holding_back(scores, "
    "audits=audits)"
)
_TOWARDS = ("next", "achieved")
_LARGEST = 2**62  # more sets than a column of whole numbers can count


def holding_back(
    scores: IntoDataFrame,
    *,
    audits: IntoDataFrame | None = None,
    framework: Framework | None = None,
    schools: IntoDataFrame | None = None,
    missing: str | None = None,
    towards: str = "next",
    most_sets: int = 20,
) -> HoldingBack:
    """Name the criteria that keep each school from the next state of each Benchmark.

    Parameters
    ----------
    scores : DataFrame, of any engine
        The table of ``score_criteria``; or that of ``score_benchmarks`` (or some of its rows)
        with the ``audits`` it came from, since it does not say which criteria are met.
    audits : DataFrame, optional
        The answers. With them the items are named as well.
    framework : Framework, optional
        Needed where the scores stand under a framework that does not come with careerbench.
    schools, missing
        As for ``score_benchmarks``; the same as when ``scores`` were made.
    towards : {"next", "achieved"}
        From *not achieved* the next state is *partial*: one item of any criterion. ``achieved``
        asks what is lacking for the whole Benchmark.
    most_sets : int, default 20
        Where a rule leaves a choice, list this many of the sets that would do, smallest first.

    Returns
    -------
    HoldingBack
        One row per school, wave, Benchmark, set and criterion in it: ``state``, ``next_state``,
        ``n_sets`` (smallest sets of criteria that reach it: no criterion of one can be spared),
        ``set`` (1, 2, ...), ``n_in_set``, ``criterion``, ``alone`` (it would do alone),
        ``n_not_met`` (its applicable items not met), ``n_unanswered`` and, with ``audits``,
        ``n_items_short`` (fewest items that must still be met) and ``items`` (which, in the
        framework's order where there is a choice). ``by_criterion()`` counts the schools that
        each criterion holds back.

    Raises
    ------
    CareerBenchError
        If the table has no criteria and no ``audits`` came with it, a row is lacking or twice,
        or the framework is not known or another one.

    Notes
    -----
    Benchmarks that are achieved have no rows, and neither have those that are not scored: nothing
    is known to hold them back but answers. Both are counted in ``standings``. A criterion without
    an answer stands in the way where a missing answer counts as not met, and does not where it is
    excluded.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.frameworks import load_framework
    >>> from careerbench.scoring import score_criteria
    >>> answers = {"p2_pupils": "All", "p2_parents": "Not in place"}
    >>> audits = pd.DataFrame({"item": list(answers), "answer": list(answers.values())})
    >>> audits = audits.assign(school_urn="900001", wave="baseline")
    >>> criteria = score_criteria(audits, load_framework("ne-primary-2019"))
    >>> holding_back(criteria).to_frame()[["state", "next_state", "criterion", "alone"]]
         state next_state   criterion  alone
    0  partial   achieved  p2.parents   True
    """
    table = standing.as_pandas(scores, step=_STEP, hint=_HINT)
    _check(towards, most_sets)
    by_criterion = "criterion" in table
    if not by_criterion and audits is None:
        raise BadArgumentError(
            f"{_STEP}: scores of Benchmarks do not say which criteria are met.",
            found="a table without the column 'criterion'",
            hint=_HINT,
        )
    found = standing.known_framework(table, framework, step=_STEP)
    rule = standing.missing_rule(missing, found, step=_STEP)
    criteria, wanted = table, None
    if not by_criterion:
        require_columns(table.columns, ["school_urn", "wave", "benchmark"], step=_STEP, hint=_HINT)
        judged = score_criteria(audits, found, schools=schools, missing=missing)  # type: ignore[type-var]
        criteria, wanted = standing.as_pandas(judged, step=_STEP), table
    stands = standing.criteria_standing(criteria, found, missing=rule, step=_STEP)
    tables = [
        _of_benchmark(benchmark, stands, rule, towards, most_sets)
        for benchmark in found.benchmarks
        if benchmark.criteria[0].id in stands.parts
    ]
    return _laid_out(tables, stands, found, wanted, (audits, schools, rule))


def _check(towards: str, most_sets: int) -> None:
    require_one_of(towards, _TOWARDS, name="towards", step=_STEP)
    if isinstance(most_sets, bool) or not isinstance(most_sets, int) or most_sets < 1:
        raise BadArgumentError(
            f"{_STEP}: most_sets must be a whole number from 1.",
            found=repr(most_sets),
            hint="most_sets=20",
        )


class _Lacking(NamedTuple):
    """What one pattern of marks lacks: states by number, sets of criteria by place."""

    state: int
    next_state: int
    n_sets: int
    sets: list[tuple[int, ...]]


class _Found(NamedTuple):
    """One Benchmark: its state per unit, and a row per unit, set and criterion."""

    benchmark: str
    state: NDArray[np.int64]
    rows: dict[str, NDArray[np.int64]]


def _of_benchmark(
    benchmark: Benchmark, stands: Standing, missing: str, towards: str, most_sets: int
) -> _Found:
    places = stands.of([part.id for part in benchmark.criteria])
    patterns, which = standing.patterns(stands.marks[:, places])
    lacking = [_lacking(benchmark, places, marks, missing, towards, most_sets)
               for marks in patterns]  # fmt: skip
    listed = [
        [(number, place) for number, chosen in enumerate(one.sets, start=1) for place in chosen]
        for one in lacking
    ]
    lengths = np.array([len(rows) for rows in listed])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(listed) else lengths
    unit = np.repeat(np.arange(len(which)), lengths[which])
    within = np.arange(len(unit)) - np.repeat(
        np.cumsum(lengths[which]) - lengths[which], lengths[which]
    )
    flat = np.array([pair for rows in listed for pair in rows], dtype=np.int64).reshape(-1, 2)
    chosen = flat[starts[which[unit]] + within]
    sizes = np.array([len(s) for one in lacking for s in one.sets for _ in s], dtype=np.int64)
    pattern = which[unit]
    rows = {
        "unit": unit,
        "state": _look_up(lacking, "state")[pattern],
        "next_state": _look_up(lacking, "next_state")[pattern],
        "n_sets": _look_up(lacking, "n_sets")[pattern],
        "set": chosen[:, 0],
        "n_in_set": sizes[starts[which[unit]] + within],
        "place": chosen[:, 1],
    }
    return _Found(benchmark.id, _look_up(lacking, "state")[which], rows)


def _look_up(lacking: list[_Lacking], name: str) -> NDArray[np.int64]:
    return np.array([getattr(one, name) for one in lacking], dtype=np.int64)


def _lacking(
    benchmark: Benchmark,
    places: list[int],
    marks: NDArray[np.uint8],
    missing: str,
    towards: str,
    most_sets: int,
) -> _Lacking:
    """Say what one pattern of marks lacks."""
    names = [part.id for part in benchmark.criteria]
    mark = dict(zip(names, (int(value) for value in marks), strict=True))
    place = dict(zip(names, places, strict=True))
    seen = looked_at(benchmark.rule, {name: bool(mark[name] & APPLIES) for name in names})
    parts = {name: _part(place[name], mark[name]) for name in names}
    whole = part_of(benchmark.rule, parts, keep=most_sets)
    state = _state([mark[name] for name in seen], missing, holds=whole.holds)
    if state in (states.ACHIEVED, states.NOT_SCORED):
        return _Lacking(states.STATES.index(state), 0, 0, [])
    number = states.STATES.index(state)
    if state == states.NOT_ACHIEVED and towards == "next":
        unmet = [place[name] for name in seen if parts[name].ways and not parts[name].holds]
        sets: list[tuple[int, ...]] = [(one,) for one in unmet[:most_sets]]
        return _Lacking(number, states.STATES.index(states.PARTIAL), len(unmet), sets)
    sets = [way.criteria for way in whole.ways]
    n_sets = min(whole.n_ways, _LARGEST)
    return _Lacking(number, states.STATES.index(states.ACHIEVED), n_sets, sets)


def _part(place: int, mark: int) -> Part:
    if mark & HOLDS and mark & COUNTS:
        return Part(bool(mark & APPLIES), True, True, (NOTHING_TO_DO,), 1)
    if mark & COUNTS:
        return Part(True, True, False, (Way(1, 1, 0, (place,), ()),), 1)
    return Part(bool(mark & APPLIES), False, False)


def _state(marks: list[int], missing: str, *, holds: bool) -> str:
    """Say the state of a Benchmark from its criteria, as ``score_benchmarks`` does."""
    if not any(mark & ANSWERED for mark in marks):
        return states.NOT_SCORED
    if missing == "not_scored" and not all(mark & COMPLETE for mark in marks):
        return states.NOT_SCORED
    if holds:
        return states.ACHIEVED
    return states.PARTIAL if any(mark & SOME_MET for mark in marks) else states.NOT_ACHIEVED


def _laid_out(
    found: list[_Found],
    stands: Standing,
    framework: Framework,
    wanted: pd.DataFrame | None,
    answers: tuple[Any, Any, str],
) -> HoldingBack:
    """Lay the rows out by unit, then Benchmark, set and criterion."""
    import pandas as pd

    numbers = [np.full(len(one.rows["unit"]), number) for number, one in enumerate(found)]
    rows = {name: np.concatenate([one.rows[name] for one in found]) for name in found[0].rows}
    rows["benchmark"] = np.concatenate(numbers)
    order = np.argsort(rows["unit"], kind="stable")  # each Benchmark's rows are in order already
    rows = {name: values[order] for name, values in rows.items()}
    unit, place = rows["unit"], rows["place"]
    names = [one.benchmark for one in found]
    table = stands.units.iloc[unit].reset_index(drop=True)
    table["benchmark"] = texts(names, rows["benchmark"])
    table["state"] = texts(states.STATES, rows["state"])
    table["next_state"] = texts(states.STATES, rows["next_state"])
    for name in ("n_sets", "set", "n_in_set"):
        table[name] = rows[name]
    table["criterion"] = texts(stands.parts, place)
    table["alone"] = rows["n_in_set"] == 1
    table["n_not_met"] = (stands.n_applicable - stands.n_met)[unit, place]
    table["n_unanswered"] = (stands.n_applicable - stands.n_answered)[unit, place]
    audits, schools, rule = answers
    if audits is not None:
        from careerbench.scoring.items_short import add_items

        items = standing.item_standing(audits, framework, schools=schools, missing=rule, step=_STEP)
        add_items(table, stands.units, unit, items, framework)
    table["framework"] = texts([framework.id], np.zeros(len(table), dtype=np.int8))
    standings = pd.concat([_standings(stands.units, one) for one in found], ignore_index=True)
    if wanted is not None:
        table, standings = (_kept(part, wanted) for part in (table, standings))
    return HoldingBack(table, standings=standings, framework=framework.id)


def _standings(units: pd.DataFrame, one: _Found) -> pd.DataFrame:
    return units.assign(benchmark=one.benchmark, state=texts(states.STATES, one.state))


def _kept(table: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """Keep the schools, waves and Benchmarks that the scores have."""
    keys = ["school_urn", "wave", "benchmark"]
    known = wanted[keys].astype("str").drop_duplicates().assign(_kept=True)
    mine = table[keys].astype("str").merge(known, on=keys, how="left")
    return table[mine["_kept"].notna().to_numpy(dtype=bool)].reset_index(drop=True)
