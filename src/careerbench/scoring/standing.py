"""How each school stands, criterion by criterion or item by item, as small arrays of marks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from careerbench.checks import require_columns, require_one_of
from careerbench.errors import BadArgumentError, FrameworkError, TableProblemsError, quoted
from careerbench.frameworks import Criterion, Framework, Rule, list_frameworks, load_framework
from careerbench.frameworks.model import MISSING_RULES
from careerbench.scoring import states
from careerbench.scoring.benchmarks import score_criteria
from careerbench.scoring.tables import frame_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from narwhals.typing import IntoDataFrame
    from numpy.typing import NDArray

APPLIES, COUNTS, HOLDS, SOME_MET, ANSWERED, COMPLETE = 1, 2, 4, 8, 16, 32
"""Marks of an item or criterion: bits of one small number."""

_HINT = "scoring.score_criteria(audits, framework)"
_LARGEST_CODE = 2**62
_COUNTED = ("n_applicable", "n_answered", "n_met")
_NEEDED = ("school_urn", "wave", "criterion", "state", *_COUNTED)


@dataclass(frozen=True)
class Standing:
    """How every unit (a school at a wave) stands in every part (a criterion or an item).

    ``units`` has a row per unit with ``school_urn`` and ``wave``; ``what`` says what the parts
    are ("criterion" or "item"); ``marks``, ``n_applicable``,
    ``n_answered`` and ``n_met`` a row per unit and a column per part, in ``parts``' order.
    """

    units: pd.DataFrame
    what: str
    parts: tuple[str, ...]
    marks: NDArray[np.uint8]
    n_applicable: NDArray[np.int64]
    n_answered: NDArray[np.int64]
    n_met: NDArray[np.int64]

    def of(self, names: Sequence[str]) -> list[int]:
        """Find the columns of some parts."""
        place = {name: number for number, name in enumerate(self.parts)}
        return [place[name] for name in names]


def patterns(marks: NDArray) -> tuple[NDArray, NDArray[np.int64]]:
    """Find the distinct rows of small whole numbers, and which of them each row is.

    Examples
    --------
    >>> rows, which = patterns(np.array([[1, 2], [0, 2], [1, 2]]))
    >>> rows.tolist(), which.tolist()
    ([[0, 2], [1, 2]], [1, 0, 1])
    """
    code = np.zeros(len(marks), dtype=np.int64)
    for column in marks.T:
        base = int(column.max(initial=0)) + 1
        if int(code.max(initial=0)) > _LARGEST_CODE // base:
            code = np.unique(code, return_inverse=True)[1].reshape(-1)
        code = code * base + column
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    return marks[first], which.reshape(-1)


def is_audits(table: Any, *, step: str) -> bool:
    """Tell answers to an audit from a table of scores."""
    return {"item", "answer"} <= set(frame_of(table, step=step).collect_schema().names())


def as_pandas(table: Any, *, step: str, hint: str = _HINT) -> pd.DataFrame:
    """Bring a table of any engine to pandas; a lazy one is computed."""
    known = frame_of(table, step=step, hint=hint)
    eager = known.collect() if isinstance(known, nw.LazyFrame) else known
    return eager.to_pandas()


def missing_rule(missing: str | None, framework: Framework, *, step: str) -> str:
    """Take the missing rule that is asked for, or the framework's."""
    require_framework(framework, step)
    rule = framework.missing if missing is None else missing
    require_one_of(rule, MISSING_RULES, name="missing", step=step)
    return rule


def known_framework(
    scores: pd.DataFrame, framework: Framework | None, *, step: str, name: str = "scores"
) -> Framework:
    """Take the framework given, or load the one that the scores name; both must agree."""
    named = list(scores["framework"].dropna().unique()) if "framework" in scores else []
    if len(named) > 1:
        raise FrameworkError(
            f"{step}: {name} stand under {len(named)} framework editions.",
            found=quoted(named),
            hint="the scores of one edition at a time",
        )
    if framework is not None:
        require_framework(framework, step)
        if named and named[0] != framework.id:
            raise FrameworkError(
                f"{step}: {name} stand under another framework than the one given.",
                found=f"'{named[0]}' in {name}, '{framework.id}' given",
                hint=f"framework=frameworks.load_framework('{named[0]}'), or the path of its file",
            )
        return framework
    if not named or named[0] not in set(list_frameworks()["framework"]):
        raise FrameworkError(
            f"{step}: the framework of {name} is not one that comes with careerbench.",
            found=quoted(named),
            hint="framework=frameworks.load_framework(path)",
        )
    return load_framework(named[0])


def criteria_standing(criteria: pd.DataFrame, framework: Framework, *, missing: str, step: str) -> (
    Standing
):  # fmt: skip
    """Read the table of ``score_criteria``; Benchmarks of which it has no row are left out."""
    require_columns(criteria.columns, _NEEDED, step=step, hint=_HINT)
    there = set(criteria["criterion"].unique())
    known = [[part.id for part in benchmark.criteria] for benchmark in framework.benchmarks]
    strange = sorted(str(name) for name in there.difference(*known))
    if strange:
        raise FrameworkError(
            f"{step}: {len(strange)} criteria are not in the framework '{framework.id}'.",
            found=quoted(strange),
            hint=f"criteria such as {quoted([name for names in known for name in names], limit=3)}",
        )
    parts = [name for names in known if there & set(names) for name in names]
    return _standing(criteria, parts, missing, step, what="criterion")


def item_standing(
    audits: IntoDataFrame,
    framework: Framework,
    *,
    schools: IntoDataFrame | None,
    missing: str,
    step: str,
) -> Standing:
    """Read audits item by item: every scored item is scored as a criterion of its own."""
    require_framework(framework, step)
    table = score_criteria(audits, _items_as_criteria(framework), schools=schools, missing=missing)
    items = [item.id for item in framework.items.values() if item.scored]
    return _standing(as_pandas(table, step=step), items, missing, step, what="item")


def _items_as_criteria(framework: Framework) -> Framework:
    """Make each item a criterion; items that do not score stay with the last, as they were."""
    benchmarks = tuple(
        replace(
            benchmark,
            rule=Rule(),
            criteria=tuple(
                Criterion(item.id, item.text, (item,)) for item in benchmark.items if item.scored
            ),
        )
        for benchmark in framework.benchmarks
    )
    silent = tuple(item for item in framework.items.values() if not item.scored)
    if silent:
        *first, last = benchmarks[-1].criteria
        last = replace(last, items=(*last.items, *silent))
        benchmarks = (*benchmarks[:-1], replace(benchmarks[-1], criteria=(*first, last)))
    return replace(framework, benchmarks=benchmarks)


def _standing(
    table: pd.DataFrame, parts: Sequence[str], missing: str, step: str, *, what: str
) -> Standing:
    """Put the rows in place; an item holds when it is met, a criterion when its state says so."""
    import pandas as pd

    if not len(table):
        raise TableProblemsError(
            f"{step}: the table has no rows.", found="0 rows", hint="loaders.load_audits(path)"
        )
    blank = [name for name in (*_COUNTED, "state") if table[name].isna().any()]
    if blank:
        raise TableProblemsError(
            f"{step}: the table has blanks in {quoted(blank)}.",
            found=f"{int(table[blank].isna().any(axis=1).sum()):,} rows with blanks",
            hint=_HINT,
        )
    strange = ~table["state"].isin(states.STATES)
    if strange.any():
        raise TableProblemsError(
            f"{step}: {int(strange.sum()):,} rows have a state that is none.",
            found=quoted(table.loc[strange, "state"].unique()),
            hint=f"one of {quoted(states.STATES)}",
        )
    part = pd.Index(parts).get_indexer(table["criterion"].astype("str"))
    unit, units = _units(table)
    flat = unit * len(parts) + part
    n_times = np.bincount(flat, minlength=len(units) * len(parts))
    if (n_times != 1).any():
        _refuse_shape(int((n_times > 1).sum()), int((n_times == 0).sum()), what, step)
    counts = {}
    for count in _COUNTED:
        grid = np.zeros(len(n_times), dtype=np.int64)
        grid[flat] = table[count].to_numpy(dtype=np.int64)
        counts[count] = grid.reshape(len(units), len(parts))
    words = np.zeros((2, len(n_times)), dtype=bool)
    words[0, flat] = (table["state"] == states.ACHIEVED).to_numpy(dtype=bool)
    words[1, flat] = (table["state"] == states.NOT_SCORED).to_numpy(dtype=bool)
    achieved, unscored = words.reshape(2, len(units), len(parts))
    applies, answered = counts["n_applicable"] > 0, counts["n_answered"] > 0
    marks = (
        applies * APPLIES
        + (answered if missing == "exclude" else applies) * COUNTS
        + (counts["n_met"] > 0 if what == "item" else achieved) * HOLDS
        + (counts["n_met"] > 0) * SOME_MET
        + answered * ANSWERED
        + (~(unscored & applies)) * COMPLETE
    )
    return Standing(units, what, tuple(parts), marks.astype(np.uint8), **counts)


def _units(table: pd.DataFrame) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Give each school and wave a number, in the order met."""
    import pandas as pd

    school, _ = pd.factorize(table["school_urn"])
    wave, waves = pd.factorize(table["wave"])
    both = school.astype(np.int64) * max(len(waves), 1) + wave
    unit, distinct = pd.factorize(both)
    first = np.full(len(distinct), len(table))
    np.minimum.at(first, unit, np.arange(len(table)))
    return unit, table[["school_urn", "wave"]].iloc[first].reset_index(drop=True)


def _refuse_shape(n_twice: int, n_lacking: int, what: str, step: str) -> None:
    raise TableProblemsError(
        f"{step}: the table must have one row for each school, wave and {what}.",
        found=f"{n_twice:,} there more than once, {n_lacking:,} lacking",
        hint="the whole table of one scoring.score_criteria(audits, framework)",
    )


def require_framework(framework: object, step: str) -> None:
    """Refuse what is no framework, such as the name of one."""
    if not isinstance(framework, Framework):
        raise BadArgumentError(
            f"{step}: framework must be a Framework.",
            found=type(framework).__name__,
            hint="frameworks.load_framework('ne-primary-2019')",
        )
