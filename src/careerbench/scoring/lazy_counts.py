"""Scoring as a plan, its lower half: rows become what is known of each item.

A row becomes one number and the rows of an item one sum for each school and wave: four counts
packed into an integer, so that the plan stays narrow and the rows are gone through once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from careerbench.scoring.answers import ANSWERED, MET, NOT_APPLICABLE
from careerbench.scoring.rules import Leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from careerbench.frameworks import Framework, Item
    from careerbench.scoring.lookup import LookUp

_UNIT = ("school_urn", "wave")
KEPT = (*_UNIT, "n_audits")
_FIELD = 12
"""Bits of each of an item's four counts: rows that meet it, answer it, apply, and stand there."""


@dataclass(frozen=True)
class Question:
    """One scored item, the names of its columns in the plan, and the year groups it is put to."""

    item: Item
    name: str
    years: tuple[str | None, ...] = ()
    asked: str | None = None

    @property
    def by_year(self) -> bool:
        """Say whether the item is answered by year group."""
        return any(year is not None for year in self.years)


def questions_of(
    framework: Framework, look_up: LookUp, masks: pd.DataFrame | None
) -> list[Question]:
    """List the scored items; ``masks`` has a column for each that some schools are not asked."""
    limited = () if masks is None else masks.columns
    return [
        Question(
            item=item,
            name=f"_i{number}",
            years=look_up.years.get(item.id, ()),
            asked=mask_of(number) if mask_of(number) in limited else None,
        )
        for number, item in enumerate(framework.items.values())
        if item.scored
    ]


def mask_of(number: int) -> str:
    """Name the column of 0 and 1 that says which schools the framework's n-th item is put to."""
    return f"_m{number}"


def counted_units(
    rows: nw.LazyFrame, framework: Framework, look_up: LookUp, questions: Iterable[Question]
) -> nw.LazyFrame:
    """Sum up: one row for each school and wave, one packed count for each item that has rows."""
    sums = [nw.col("n_audits").max().cast(nw.Int64).alias("n_audits")]
    for question in questions:
        if question.years:
            mine = nw.col("item") == question.item.id
            sums.append(_sum(mine, nw.col("_said"), question.name))
            if question.by_year:
                sums.append(_sum(mine, _year_bit(question.years), f"{question.name}_years"))
    said = _said(framework, look_up).cast(nw.Int64)
    return rows.with_columns(said.alias("_said")).group_by(*_UNIT).agg(*sums)


def _sum(rows: nw.Expr, number: nw.Expr, name: str) -> nw.Expr:
    return nw.when(rows).then(number).otherwise(nw.lit(0)).sum().cast(nw.Int64).alias(name)


def _said(framework: Framework, look_up: LookUp) -> nw.Expr:
    """Turn a row's item and answer into its packed count."""
    alike: dict[tuple[str, tuple[str, ...]], tuple[set[str], dict[int, set[str]]]] = {}
    for (name, answer), bits in look_up.said.items():
        item = framework.items[name]
        items, answers = alike.setdefault((item.scale, item.meets), (set(), {}))
        items.add(name)
        answers.setdefault(_packed(bits), set()).add(answer)
    branches = [
        (nw.col("item").is_in(sorted(items)),
         chosen([(nw.col("answer").is_in(sorted(said)), nw.lit(number))
                  for number, said in answers.items()]))
        for items, answers in alike.values()
    ]  # fmt: skip
    return chosen(branches)


def _packed(bits: int) -> int:
    counts = (bits & MET > 0, bits & ANSWERED > 0, bits & NOT_APPLICABLE == 0, True)
    return sum(int(count) << (_FIELD * place) for place, count in enumerate(counts))


def chosen(branches: Sequence[tuple[nw.Expr, nw.Expr]], otherwise: Any = 0) -> nw.Expr:
    """Take the value of the first condition that holds."""
    return reduce(
        lambda rest, branch: nw.when(branch[0]).then(branch[1]).otherwise(rest),
        reversed(branches),
        nw.lit(otherwise),
    )


def _year_bit(years: Sequence[str | None]) -> nw.Expr:
    """Give each year group a bit: the sum has as many bits as there are different years."""
    year = nw.col("year_group")
    return chosen([
        (year.is_null() if each is None else year == each, nw.lit(1 << place))
        for place, each in enumerate(years)
    ])  # fmt: skip


def leaves_of(
    units: nw.LazyFrame, questions: Sequence[Question], missing: str
) -> tuple[nw.LazyFrame, dict[str, Leaf]]:
    """Unpack the counts: for each item the columns of a ``Leaf``, and whether it is there twice."""
    columns, leaves = [nw.col(*KEPT)], {}
    for question in questions:
        unpacked = _leaf(question, exclude=missing == "exclude")
        if question.asked:
            unpacked = unpacked.limited_to(nw.col(question.asked))
        names = {part: f"{question.name}_{part}" for part in vars(unpacked)}
        columns += [getattr(unpacked, part).alias(name) for part, name in names.items()]
        columns.append(as_number(_twice(question)).alias(twice_of(question.name)))
        leaves[question.item.id] = Leaf(**{part: nw.col(name) for part, name in names.items()})
    return units.select(*columns), leaves


def twice_of(name: str) -> str:
    """Name the column that says which units hold an item twice."""
    return f"{name}_twice"


def _leaf(question: Question, *, exclude: bool) -> Leaf:
    nothing = nw.lit(0).cast(nw.Int64)
    if not question.years:
        return Leaf(applies=nothing + 1, answered=nothing, complete=nothing, met=nothing)
    packed = nw.col(question.name)
    applies = (_below(packed, 3) >= 1 << 2 * _FIELD) | (packed == 0)
    is_answered = _below(packed, 2) >= 1 << _FIELD
    complete, met = is_answered, _below(packed, 1) > 0
    if question.by_year:
        n_met, answered, applicable = (field_of(packed, place) for place in range(3))
        complete = is_answered & (answered == applicable)
        if question.item.across_years != "any_of":
            base = answered if exclude else applicable
            met = met & (n_met == base)
    return Leaf(as_number(applies), as_number(is_answered), as_number(complete), as_number(met))


def _twice(question: Question) -> nw.Expr:
    """Say whether a school answered the item twice in the wave (for one year group)."""
    if not question.years:
        return nw.lit(value=False)
    packed = nw.col(question.name)
    if not question.by_year:
        return packed >= 1 << (3 * _FIELD + 1)
    bits = nw.col(f"{question.name}_years")
    different = [(bits // (1 << place)) % 2 for place in range(len(question.years))]
    return packed // (1 << 3 * _FIELD) > reduce(lambda total, bit: total + bit, different)


def _below(packed: nw.Expr, place: int) -> nw.Expr:
    return packed % (1 << _FIELD * place)


def field_of(packed: nw.Expr, place: int, width: int = _FIELD) -> nw.Expr:
    """Unpack one count of several that share a number."""
    return ((packed // (1 << width * place)) % (1 << width)).cast(nw.Int64)


def as_number(holds: nw.Expr) -> nw.Expr:
    """Turn a comparison into 0 and 1."""
    return nw.when(holds).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)
