"""Answers to the items of a scale: checked, then laid out with a row for each respondent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis import groups
from careerbench.errors import BadArgumentError, TableProblemsError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Answers:
    """The answers of one group: a row for each respondent, a column for each item."""

    items: tuple[object, ...]
    numbers: NDArray[np.float64]
    asked: NDArray[np.bool_]
    school: NDArray[np.int64]

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Say which respondents answered every item."""
        return np.asarray(~np.isnan(self.numbers).any(axis=1))

    @property
    def n_schools(self) -> int:
        """Count the schools with a respondent who answered every item."""
        return len(np.unique(self.school[self.complete & (self.school >= 0)]))


def check_answers(answers: pd.DataFrame, by: list[str], *, step: str) -> NDArray[np.float64]:
    """Refuse answers that do not make one number per respondent and item; hand them back."""
    hint = "one row per respondent and item, with a number in 'value'"
    groups.require_table(answers, ["respondent", "item", "value", *by], step=step, hint=hint)
    groups.require_plain(answers, groups.given(answers, "school_urn"), step=step)
    groups.require_filled(answers, ["respondent", "item"], step=step)
    key = [*by, *_who(answers), "item"]
    once = "one answer for each; by='wave' where the same people were asked again"
    groups.require_unique(answers, key, step=step, hint=once)
    return groups.require_numbers(answers["value"], step=step)


def lay_out(answers: pd.DataFrame, values: NDArray[np.float64]) -> Answers:
    """Lay the answers of one group out: items in the order met, or of their categories."""
    group, items = groups.group_rows(answers, ["item"])
    person, people = groups.group_rows(answers, _who(answers))
    place = person * len(items) + group
    laid = np.full(len(people) * len(items), np.nan)
    laid[place] = values
    asked = np.zeros(laid.shape, dtype=bool)
    asked[place] = True
    shape = (len(people), len(items))
    names = tuple(items["item"])
    return Answers(names, laid.reshape(shape), asked.reshape(shape), _schools(people))


def _who(answers: pd.DataFrame) -> list[str]:
    """Name the columns that tell respondents apart: codes may repeat between schools."""
    return [*groups.given(answers, "school_urn"), "respondent"]


def _schools(people: pd.DataFrame) -> NDArray[np.int64]:
    """Give the school of each respondent a number; -1 where it is not known."""
    import pandas as pd

    if "school_urn" not in people:
        return np.full(len(people), -1, dtype=np.int64)
    return pd.factorize(people["school_urn"])[0].astype(np.int64)


def scale_ends(
    values: NDArray[np.float64], ends: tuple[float, float] | None, *, step: str
) -> tuple[float, float]:
    """Return the lowest and highest value an answer can have, said or found."""
    there = values[~np.isnan(values)]
    if ends is None:
        return (float(there.min()), float(there.max())) if len(there) else (np.nan, np.nan)
    pair = tuple(ends) if isinstance(ends, tuple | list) else ()
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in pair)
    if len(pair) != 2 or not numbers or not pair[0] < pair[1]:
        raise BadArgumentError(
            f"{step}: ends must be the lowest and the highest value of an answer.",
            found=repr(ends),
            hint="ends=(1, 5)",
        )
    beyond = int(((there < pair[0]) | (there > pair[1])).sum())
    if beyond:
        raise TableProblemsError(
            f"{step}: {beyond} of {len(there)} values lie outside ends.",
            found=f"values below {pair[0]} or above {pair[1]}",
            hint="the ends of the scale, or one scale at a time",
        )
    return float(pair[0]), float(pair[1])
