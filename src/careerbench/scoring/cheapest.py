"""The cheapest way to a target: which criteria and items a school should turn to."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from careerbench.checks import as_names
from careerbench.errors import BadArgumentError, counted, did_you_mean, quoted
from careerbench.scoring import standing
from careerbench.scoring.cheapest_results import CheapestPath, Chosen, path_steps, path_table
from careerbench.scoring.prices import prices_of
from careerbench.scoring.ways_of_benchmark import ways_of_benchmark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from narwhals.typing import IntoDataFrame
    from numpy.typing import NDArray

    from careerbench.frameworks import Framework
    from careerbench.scoring.ways_of_benchmark import BenchmarkWays

_STEP = "cheapest_path"


def cheapest_path(
    audits: IntoDataFrame,
    framework: Framework | None = None,
    *,
    target: int | str | Iterable[str] | None = None,
    costs: Mapping[str, float] | None = None,
    smallest: str = "criterion",
    schools: IntoDataFrame | None = None,
    missing: str | None = None,
) -> CheapestPath:
    """Find the smallest or cheapest set of criteria that reaches a target, for each school.

    Parameters
    ----------
    audits : DataFrame
        Answers, as for ``score_benchmarks``, or the table of ``score_criteria``, which knows no
        items.
    framework : Framework, optional
        Needed with answers, and where the table stands under a framework of your own.
    target : int, str or list of str, optional
        How many Benchmarks to have achieved, those already achieved included; or which, by id.
        Default: every Benchmark that applies to the school.
    costs : mapping of str to number, optional
        Price of each criterion, or of each scored item of a criterion without a price of its own.
        A criterion's price is for all of it.
    smallest : {"criterion", "item"}
        Without ``costs``: what to keep as few as possible.
    schools, missing
        As for ``score_benchmarks``.

    Returns
    -------
    CheapestPath
        One row per school and wave: ``n_achieved`` (Benchmarks achieved now), ``n_target``
        (to be achieved), ``reach`` (already there, can be reached, too few apply), ``cost``,
        ``n_criteria`` and ``n_items`` to be met, ``benchmarks``, ``criteria`` and ``items``
        (ids, separated by commas), ``n_unanswered`` (applicable items without an answer in the
        Benchmarks that the target needs) and ``framework``. ``steps`` has a row each.

    Raises
    ------
    CareerBenchError
        If the target, a cost or the framework is not one, or as for ``score_criteria``.

    Notes
    -----
    The answer is exact. A rule names each part once and each Benchmark has criteria of its own,
    so the best way of the whole is made of the best ways of its parts (dynamic programming over
    the rules, checked in the tests against every subset). Equal ways: fewer criteria, then fewer
    items, then the first in the framework's order.

    Only items that apply can be met, and only whole criteria are paid for. Where a missing answer
    is excluded, meeting an item without an answer also gives it one. Under ``not_scored`` the way
    counts the missing answers as *no*: they must be given as well, ``n_unanswered`` of them.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.frameworks import load_framework
    >>> answers = {"p2_pupils": "All", "p2_parents": "Not in place"}
    >>> audits = pd.DataFrame({"item": list(answers), "answer": list(answers.values())})
    >>> audits = audits.assign(school_urn="900001", wave="baseline")
    >>> found = cheapest_path(audits, load_framework("ne-primary-2019"), target=1)
    >>> found.to_frame()[["reach", "cost", "criteria", "items"]]
                reach  cost    criteria       items
    0  can be reached   1.0  p2.parents  p2_parents
    """
    items_known = standing.is_audits(audits, step=_STEP)
    table = None if items_known else standing.as_pandas(audits, step=_STEP)
    found = _framework(table, framework)
    rule = standing.missing_rule(missing, found, step=_STEP)
    prices = prices_of(costs, found, smallest=smallest, items_known=items_known, step=_STEP)
    wanted = _wanted(target, found)
    if table is None:
        stands = standing.item_standing(audits, found, schools=schools, missing=rule, step=_STEP)
    else:
        stands = standing.criteria_standing(table, found, missing=rule, step=_STEP)
    scored = [
        benchmark
        for benchmark in found.benchmarks
        if table is None or benchmark.criteria[0].id in stands.parts
    ]
    _refuse_lacking([one.id for one in scored], wanted)
    ways = [ways_of_benchmark(one, found, stands, prices, missing=rule) for one in scored]
    chosen = _choose(ways, wanted)
    return CheapestPath(
        path_table(ways, chosen, stands, found),
        steps=path_steps(ways, chosen, stands, found),
        target=wanted.words,
        framework=found.id,
        priced=costs is not None,
    )


def _framework(table: pd.DataFrame | None, framework: Framework | None) -> Framework:
    if table is not None:
        return standing.known_framework(table, framework, step=_STEP, name="criteria")
    if framework is None:
        raise BadArgumentError(
            f"{_STEP}: answers need their framework.",
            found="framework=None",
            hint="cheapest_path(audits, frameworks.load_framework('ne-primary-2019'))",
        )
    standing.require_framework(framework, _STEP)
    return framework


@dataclass(frozen=True)
class _Wanted:
    """A target: so many of these Benchmarks, or (without a number) all of them that apply."""

    number: int | None
    names: tuple[str, ...]
    words: str


def _wanted(target: object, framework: Framework) -> _Wanted:
    known = tuple(benchmark.id for benchmark in framework.benchmarks)
    if target is None:
        return _Wanted(None, known, "every Benchmark that applies")
    if isinstance(target, Integral) and not isinstance(target, bool):
        number = int(target)
        if 1 <= number <= len(known):
            return _Wanted(number, known, counted(number, "Benchmark"))
        raise BadArgumentError(
            f"{_STEP}: target must be from 1 to {len(known)} Benchmarks.",
            found=str(number),
            hint=f"target={len(known)}",
        )
    names = as_names(target) if not isinstance(target, bool | float) else [str(target)]
    strange = [name for name in names if name not in known]
    if strange or not names:
        raise BadArgumentError(
            f"{_STEP}: target names {quoted(strange)}, which is no Benchmark of '{framework.id}'.",
            found=quoted(names),
            hint=did_you_mean(strange[0], known) if strange else "target=8",
        )
    return _Wanted(len(names), tuple(names), ", ".join(names))


def _refuse_lacking(there: list[str], wanted: _Wanted) -> None:
    """Refuse to count on Benchmarks of which the table has no row."""
    lacking = [name for name in wanted.names if name not in there]
    if lacking and wanted.number is not None:
        raise BadArgumentError(
            f"{_STEP}: the table has no criteria of {quoted(lacking)}.",
            found=f"criteria of {quoted(there)}",
            hint="the whole table of scoring.score_criteria, or target=None for those it has",
        )


def _choose(ways: Sequence[BenchmarkWays], wanted: _Wanted) -> Chosen:
    """Choose the cheapest Benchmarks of those wanted; ties go to the first in order."""
    mine = np.array([one.benchmark in wanted.names for one in ways], dtype=bool)
    ranks = _ranks(ways)
    possible = np.stack([one.possible[one.which] for one in ways], axis=1) & mine
    n_possible = possible.sum(axis=1)
    n_target = n_possible if wanted.number is None else np.full(len(ranks), wanted.number)
    order = np.argsort(np.where(possible, ranks, ranks.max(initial=0) + 1), axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(ways))[np.newaxis], axis=1)
    short = n_possible < n_target
    turned_to = possible & (place < n_target[:, np.newaxis]) & ~short[:, np.newaxis]
    left = turned_to & np.stack([~one.achieved for one in ways], axis=1)
    reach = np.where(short | (n_target == 0), 2, np.where(left.any(axis=1), 1, 0))
    return Chosen(turned_to, n_target, reach)


def _ranks(ways: Sequence[BenchmarkWays]) -> NDArray[np.int64]:
    """Rank each unit's way to each Benchmark by cost, criteria and items."""
    keys = [[way[:3] for way in one.ways] for one in ways]
    ranked = {key: rank for rank, key in enumerate(sorted({k for part in keys for k in part}))}
    return np.stack(
        [
            np.array([ranked[key] for key in part], dtype=np.int64)[one.which]
            for part, one in zip(keys, ways, strict=True)
        ],
        axis=1,
    )
