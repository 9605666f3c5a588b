"""Scoring as a plan, its upper half: what is known of each item becomes verdicts in a table.

The arithmetic is that of ``rules``, on expressions instead of arrays. The counts of a Benchmark
travel as one integer, so that making the table long moves one column for each Benchmark.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from careerbench.errors import CareerBenchError
from careerbench.scoring import states
from careerbench.scoring.conditions import items_put_to
from careerbench.scoring.lazy_counts import (
    KEPT,
    as_number,
    chosen,
    counted_units,
    field_of,
    leaves_of,
    mask_of,
    questions_of,
    twice_of,
)
from careerbench.scoring.lookup import asked_rows, look_up
from careerbench.scoring.rules import Arithmetic, Verdict, judge_benchmark, judge_criterion
from careerbench.scoring.tables import made_long, table_like

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame

    from careerbench.frameworks import Benchmark, Framework
    from careerbench.scoring.lazy_counts import Question
    from careerbench.scoring.lookup import LookUp
    from careerbench.scoring.rules import Leaf

_COUNTS = (
    "n_applicable", "n_answered", "n_complete", "n_met", "n_criteria_met", "n_criteria_applicable",
)  # fmt: skip
_PARTS = (*_COUNTS, "holds", "counts")
_EXACT = 53
"""Bits up to which every engine divides whole numbers exactly: some divide as floats."""
_CRITERION_COLUMNS = (
    "school_urn", "wave", "benchmark", "criterion", "n_items", "n_applicable", "n_answered",
    "n_met", "state", "framework",
)  # fmt: skip
_BENCHMARK_COLUMNS = (
    "school_urn", "wave", "benchmark", "n_items", "n_applicable", "n_answered", "n_met", "share",
    "share_reason", "state", "n_criteria_met", "n_criteria_applicable", "n_audits", "framework",
)  # fmt: skip


@dataclass(frozen=True)
class _Judged:
    """A verdict in the plan, and whether any of its items was answered twice."""

    verdict: Verdict
    twice: nw.Expr


def lazy_scores(
    frame: nw.LazyFrame,
    framework: Framework,
    *,
    schools: IntoFrame | None,
    missing: str,
    level: str,
) -> nw.LazyFrame:
    """Plan the scores of each ``level`` ("benchmark" or "criterion"); compute the look-up only."""
    step = {"benchmark": "score_benchmarks", "criterion": "score_criteria"}[level]
    rows = asked_rows(frame, framework, step=step)
    known = look_up(rows, framework, step=step)
    masks = None if schools is None else _masks(rows, schools, framework, step)
    return planned_scores(rows, framework, known, masks=masks, missing=missing, level=level)


def planned_scores(
    rows: nw.LazyFrame,
    framework: Framework,
    known: LookUp,
    *,
    masks: pd.DataFrame | None,
    missing: str,
    level: str,
) -> nw.LazyFrame:
    """Plan the scores of rows of which all is looked up; nothing is computed."""
    questions = questions_of(framework, known, masks)
    units = counted_units(rows, framework, known, questions)
    if masks is not None:
        units = units.join(table_like(units, masks), on="school_urn", how="left")
    leaved, leaves = leaves_of(units, questions, missing)
    arithmetic = Arithmetic(as_number=as_number, missing=missing)
    judged, criteria = _judged_criteria(leaved, framework, leaves, questions, arithmetic)
    if level == "benchmark":
        criteria = {
            benchmark.id: _of_benchmark(benchmark, criteria, arithmetic)
            for benchmark in framework.benchmarks
        }
    return _table(judged, framework, criteria, level=level, missing=missing)


def _masks(rows: nw.LazyFrame, schools: IntoFrame, framework: Framework, step: str) -> pd.DataFrame:
    """Say for each school of the audits which of the conditional items are put to it."""
    import pandas as pd

    found = rows.group_by("school_urn").agg(nw.len().alias("n")).collect()
    known = pd.Index(found.get_column("school_urn").to_list(), dtype="str")
    asked = items_put_to(schools, framework, known, step=step)
    places = {item: place for place, item in enumerate(framework.items)}
    masks = {mask_of(places[item]): mask.astype("int64") for item, mask in asked.items()}
    return pd.DataFrame({"school_urn": known, **masks})


def _judged_criteria(
    frame: nw.LazyFrame,
    framework: Framework,
    leaves: Mapping[str, Leaf],
    questions: Sequence[Question],
    arithmetic: Arithmetic,
) -> tuple[nw.LazyFrame, dict[str, _Judged]]:
    """Judge every criterion, and give each part of its verdict a column of its own."""
    names = {question.item.id: question.name for question in questions}
    columns, judged = [nw.col(*KEPT)], {}
    criteria = [criterion for one in framework.benchmarks for criterion in one.criteria]
    for number, criterion in enumerate(criteria):
        verdict = judge_criterion(criterion, leaves, arithmetic)
        twice = [nw.col(twice_of(names[item.id])) for item in criterion.items if item.scored]
        parts = {part: getattr(verdict, part) for part in _PARTS}
        parts["twice"] = _any_of(twice)
        named = {part: f"_c{number}_{part}" for part in parts}
        columns += [value.alias(named[part]) for part, value in parts.items()]
        kept: dict[str, Any] = {part: nw.col(named[part]) for part in _PARTS}
        judged[criterion.id] = _Judged(replace(verdict, **kept), nw.col(named["twice"]))
    return frame.select(*columns), judged


def _of_benchmark(
    benchmark: Benchmark, criteria: Mapping[str, _Judged], arithmetic: Arithmetic
) -> _Judged:
    mine = [criteria[part.id] for part in benchmark.criteria]
    verdict = judge_benchmark(benchmark, [one.verdict for one in mine], arithmetic)
    return _Judged(verdict, _any_of([one.twice for one in mine]))


def _any_of(columns: Sequence[nw.Expr]) -> nw.Expr:
    return as_number(reduce(lambda total, column: total + column, columns) > 0)


def _table(
    frame: nw.LazyFrame,
    framework: Framework,
    judged: Mapping[str, _Judged],
    *,
    level: str,
    missing: str,
) -> nw.LazyFrame:
    """Lay verdicts out as a row for each unit and Benchmark, or criterion."""
    places = {f"_{place}": name for place, name in enumerate(judged)}
    width = _width(judged)
    packed = [_packed(judged[name], width).alias(place) for place, name in places.items()]
    long = made_long(
        frame.select(*KEPT, *packed), list(places), index=KEPT, name="_place", value="_packed"
    )
    number = nw.col("_packed")
    flags = 1 << width * len(_COUNTS)
    counts = [field_of(number, place, width).alias(part) for place, part in enumerate(_COUNTS)]
    counts += [((number // flags) % 2).alias("holds"), (number // (flags * 2)).alias("twice")]
    n_items = {place: judged[name].verdict.n_items for place, name in places.items()}
    named = long.with_columns(
        *counts,
        _by_place(places).alias(level),
        _by_place(n_items).cast(nw.Int64).alias("n_items"),
        framework=nw.lit(framework.id),
    )
    if level == "benchmark":
        return _with_states(named, missing).select(*_BENCHMARK_COLUMNS)
    owners = {part.id: owner.id for owner in framework.benchmarks for part in owner.criteria}
    owned = named.with_columns(
        benchmark=_by_place({place: owners[name] for place, name in places.items()})
    )
    return _with_states(owned, missing).select(*_CRITERION_COLUMNS)


def _by_place(values: Mapping[str, Any]) -> nw.Expr:
    """Say what belongs to each place; places that have the same share a branch."""
    places: dict[Any, list[str]] = {}
    for place, value in values.items():
        places.setdefault(value, []).append(place)
    last, *others = reversed(places)
    branches = [(nw.col("_place").is_in(places[value]), nw.lit(value)) for value in others]
    return chosen(branches, otherwise=last)


def _width(judged: Mapping[str, _Judged]) -> int:
    """Say how many bits each count needs."""
    most = max(one.verdict.n_items for one in judged.values())
    width = most.bit_length()
    if width * len(_COUNTS) + 2 > _EXACT:
        raise CareerBenchError(
            "scoring: a Benchmark has more items than a lazy frame can count.",
            found=f"{most} items",
            hint="an eager frame, such as frame.collect()",
        )
    return width


def _packed(judged: _Judged, width: int) -> nw.Expr:
    parts = [*(getattr(judged.verdict, part) for part in (*_COUNTS, "holds")), judged.twice]
    places = [width * place for place in range(len(_COUNTS) + 1)]
    places.append(places[-1] + 1)
    shifted = [part * (1 << place) for part, place in zip(parts, places, strict=True)]
    return reduce(lambda total, part: total + part, shifted).cast(nw.Int64)


def _with_states(frame: nw.LazyFrame, missing: str) -> nw.LazyFrame:
    """Add why there is no score, the share and the state."""
    applicable, answered, met = nw.col("n_applicable"), nw.col("n_answered"), nw.col("n_met")
    reasons = [
        (nw.col("twice") == 1, nw.lit(states.ANSWERED_TWICE)),
        (applicable == 0, nw.lit(states.NOTHING_APPLIES)),
        (answered == 0, nw.lit(states.NOTHING_ANSWERED)),
    ]
    if missing == "not_scored":
        reasons.append((nw.col("n_complete") < applicable, nw.lit(states.ANSWERS_MISSING)))
    scored = nw.col("share_reason").is_null()
    verdicts = [
        (~scored, nw.lit(states.NOT_SCORED)),
        (nw.col("holds") == 1, nw.lit(states.ACHIEVED)),
        (met > 0, nw.lit(states.PARTIAL)),
    ]
    base = answered if missing == "exclude" else applicable
    reasoned = frame.with_columns(share_reason=chosen(reasons, otherwise=None).cast(nw.String))
    return reasoned.with_columns(
        share=nw.when(scored).then(met / base).cast(nw.Float64),
        state=chosen(verdicts, otherwise=states.NOT_ACHIEVED),
    )
