"""Scoring in memory: every answer one look-up, every school and wave one place in an array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench.scoring.answers import (
    ANSWERED,
    MET,
    NOT_APPLICABLE,
    judge_answer,
    refuse_blank,
    refuse_twice,
    refuse_unknown_answers,
    refuse_unknown_items,
    refuse_year_groups,
)
from careerbench.scoring.rules import Leaf

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.frameworks import Framework, Item

_SEEN = 8


@dataclass(frozen=True)
class Units:
    """The schools and waves that have answers: one place for each, schools outermost."""

    school_codes: NDArray[np.int64]
    schools: pd.Index
    wave_codes: NDArray[np.int64]
    waves: pd.Index
    wave_dtype: object
    n_audits: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.school_codes)


def leaves_of(
    audits: pd.DataFrame, framework: Framework, *, missing: str, step: str
) -> tuple[dict[str, Leaf], Units]:
    """Read audits into columns of 0 and 1 for each scored item, one entry for each unit."""
    item, items = _coded(audits["item"])
    units, place = _units(audits, item, step)
    answer, answers = _coded(audits["answer"])
    said = _judged(item, items, answer, answers, framework, step)
    by_year = _rows_by_year(audits, item, items)
    grid = np.zeros((len(items), len(units)), dtype=np.uint8)
    whole = slice(None) if by_year is None else ~by_year
    cells = item[whole].astype(_wide_enough(grid.size))
    cells *= len(units)
    cells += place[whole]
    flat = grid.reshape(-1)
    flat[cells] = said[whole] | _SEEN
    if np.count_nonzero(flat) < len(cells):
        _refuse_repeated(cells, units, items, step)
    rows = {name: number for number, name in enumerate(items)}
    leaves = {
        name: _leaf(grid[rows[name]]) if name in rows else _unasked(len(units))
        for name, item_ in framework.items.items()
        if item_.scored
    }
    if by_year is not None:
        years = _coded(audits["year_group"])[0][by_year]
        parts = _ByYear(item[by_year], place[by_year], years, said[by_year], missing == "exclude")
        leaves |= _leaves_by_year(parts, items, framework, units, step)
    return leaves, units


@dataclass(frozen=True)
class _ByYear:
    """The answers to items that were asked by year group; ``exclude``: judge answered ones."""

    item: NDArray
    place: NDArray
    year: NDArray
    said: NDArray
    exclude: bool


def _units(
    audits: pd.DataFrame, item: NDArray, step: str
) -> tuple[Units, NDArray[np.signedinteger]]:
    """Give each school and wave a place; say which place each row belongs to."""
    school, schools = _coded(audits["school_urn"])
    wave, waves = _coded(audits["wave"])
    for name, codes in (("school_urn", school), ("wave", wave), ("item", item)):
        refuse_blank(name, int((codes < 0).sum()), step=step)
    both = school.astype(_wide_enough(len(schools) * len(waves)))
    both *= len(waves)
    both += wave
    present = np.zeros(len(schools) * len(waves), dtype=bool)
    present[both] = True
    kept = np.flatnonzero(present)
    place = both
    if len(kept) < len(present):
        to_place = np.cumsum(present) - 1
        place = to_place[both]
    n_waves = max(1, len(waves))
    n_audits = np.ones(len(kept), dtype=np.int64)
    if "n_audits" in audits:
        n_audits[place] = audits["n_audits"]
    kind = audits["wave"].dtype
    return Units(kept // n_waves, schools, kept % n_waves, waves, kind, n_audits), place


def _wide_enough(size: int) -> type[np.signedinteger]:
    """Choose the narrower whole number that counts to ``size``: half the memory to go through."""
    return np.int32 if size <= np.iinfo(np.int32).max else np.int64


def _coded(values: pd.Series) -> tuple[NDArray, pd.Index]:
    """Give each distinct value a number: in category order, else in the order met."""
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), values.cat.categories.astype("str")
    codes, distinct = pd.factorize(values)
    return codes, pd.Index(distinct).astype("str")


def _judged(
    item: NDArray,
    items: pd.Index,
    answer: NDArray,
    answers: pd.Index,
    framework: Framework,
    step: str,
) -> NDArray[np.uint8]:
    """Look up what each answer says."""
    n = len(answers) + 1  # the first place is for no answer, whose code is -1
    pair = item.astype(np.int32)
    pair *= n
    pair += answer
    pair += 1
    table = np.zeros(len(items) * n, dtype=np.uint8)
    table[pair] = 1
    used = np.flatnonzero(table)
    refuse_unknown_items(items[np.unique(used // n)], framework, step=step)
    unknown, names, words = [], items.tolist(), ["", *answers.tolist()]
    for number in used.tolist():
        name, said = names[number // n], words[number % n]
        judged = judge_answer(framework, name, said)
        if judged is None:
            unknown.append((name, said))
        else:
            table[number] = judged
    refuse_unknown_answers(unknown, framework, step=step)
    return table[pair]


def _rows_by_year(audits: pd.DataFrame, item: NDArray, items: pd.Index) -> NDArray[np.bool_] | None:
    """Mark the rows of items that have an answer for some year group; None where there is none."""
    if "year_group" not in audits:
        return None
    asked = audits["year_group"].notna().to_numpy()
    if not asked.any():
        return None
    by_year = np.zeros(len(items), dtype=bool)
    by_year[np.unique(item[asked])] = True
    return by_year[item]


def _leaf(column: NDArray[np.uint8]) -> Leaf:
    answered = ((column & ANSWERED) > 0).astype(np.int16)
    return Leaf(
        applies=((column & NOT_APPLICABLE) == 0).astype(np.int16),
        answered=answered,
        complete=answered,
        met=((column & MET) > 0).astype(np.int16),
    )


def _unasked(n_units: int) -> Leaf:
    nothing = np.zeros(n_units, dtype=np.int16)
    return Leaf(applies=nothing + 1, answered=nothing, complete=nothing, met=nothing)


def _leaves_by_year(
    parts: _ByYear, items: pd.Index, framework: Framework, units: Units, step: str
) -> dict[str, Leaf]:
    """Bring the year groups of each item together."""
    leaves = {}
    for number in np.unique(parts.item):
        item = framework.items[items[number]]
        if not item.by_year_group:
            refuse_year_groups(item.id, step=step)
        mine = parts.item == number
        place, year, said = parts.place[mine], parts.year[mine], parts.said[mine]
        cells = place * (int(year.max()) + 2) + year + 1
        if len(np.unique(cells)) < len(cells):
            _refuse_repeated(cells, units, items, step, item=item, width=int(year.max()) + 2)
        if item.scored:
            leaves[item.id] = _across_years(
                item, place, said, n_units=len(units), exclude=parts.exclude
            )
    return leaves


def _across_years(
    item: Item, place: NDArray, said: NDArray[np.uint8], *, n_units: int, exclude: bool
) -> Leaf:
    """Bring one item's year groups together: all of them must meet it, or any."""

    def count(bits: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(place[bits], minlength=n_units)

    asked = np.bincount(place, minlength=n_units)
    applicable = asked - count((said & NOT_APPLICABLE) > 0)
    answered, n_met = count((said & ANSWERED) > 0), count((said & MET) > 0)
    base = answered if exclude else applicable
    met = n_met > 0 if item.across_years == "any_of" else (base > 0) & (n_met == base)
    return Leaf(
        applies=((applicable > 0) | (asked == 0)).astype(np.int16),
        answered=(answered > 0).astype(np.int16),
        complete=((answered > 0) & (answered == applicable)).astype(np.int16),
        met=met.astype(np.int16),
    )


def _refuse_repeated(
    cells: NDArray,
    units: Units,
    items: pd.Index,
    step: str,
    *,
    item: Item | None = None,
    width: int = 0,
) -> None:
    distinct, counts = np.unique(cells, return_counts=True)
    twice = distinct[counts > 1]
    named = []
    for cell in twice[:4]:
        place = cell // width if item else cell % len(units)
        name = item.id if item else items[cell // len(units)]
        school, wave = (
            units.schools[units.school_codes[place]],
            units.waves[units.wave_codes[place]],
        )
        named.append(f"{school}, {wave}, {name}")
    refuse_twice([*named, *[""] * (len(twice) - len(named))], len(twice), step=step)
