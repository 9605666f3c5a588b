"""What a column of an audit seems to be: answers on a scale, percentages, or left out and why."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from careerbench.frameworks.words import folded, percent_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_MOST_ANSWERS = 8
_LONGEST_ANSWER = 60
_COLUMNS_OFTEN = 3
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Guess:
    """What a column seems to hold.

    ``answers`` are in order, lowest first; ``left_out`` says why the column is no item.
    """

    answers: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    percentages: bool = False
    left_out: str = ""


@cache
def words() -> Mapping[str, list]:
    """Read the words that guesses go by."""
    file = files("careerbench.frameworks") / "draft_words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def plain(said: object) -> str:
    """Fold a heading or an answer as ``words`` holds them.

    Examples
    --------
    >>> plain("Not_in  Place")
    'not in place'
    """
    return " ".join(folded(said).replace("_", " ").split())


def is_identity(heading: str) -> bool:
    """Say whether a heading names the school, the round or a person, and no item."""
    said = plain(heading)
    return said in words()["identity"] or any(part in said for part in words()["identity_parts"])


def asks_for_a_person(heading: str) -> bool:
    """Say whether a heading has a word that names of persons answer.

    Examples
    --------
    >>> asks_for_a_person("Careers leader 2020"), asks_for_a_person("Is there a plan?")
    (True, False)
    """
    said = re.findall(r"\w+", plain(heading))
    return bool(set(said) & set(words()["persons"]))


def guess_column(
    cells: Sequence[str],
    *,
    heading: str,
    in_columns: Mapping[str, int],
    schools: Sequence[str] = (),
) -> Guess:
    """Guess what a column holds.

    An answer is listed only if its word is well known, or it stands in three columns (or under
    three items) none of which asks for a person; a column that says one thing about each school is
    left out. What people wrote in their own words does not reach a draft.
    """
    counts = Counter(cell for cell in cells if cell)
    one_each = {plain(cell): cell for cell in reversed(counts)}
    silent = {
        kind: tuple(cell for said, cell in one_each.items() if said in words()[kind])
        for kind in ("not_applicable", "missing")
    }
    known = {*silent["not_applicable"], *silent["missing"]}
    said = [cell for cell in one_each.values() if cell not in known][::-1]
    if not said:
        return Guess(left_out="no answers")
    if _are_percentages(said):
        return Guess((), silent["not_applicable"], silent["missing"], percentages=True)
    reason = _no_answers(said, heading, in_columns) or _of_the_school(said, cells, schools)
    if reason:
        return Guess(left_out=reason)
    return Guess(tuple(in_order(said)), silent["not_applicable"], silent["missing"])


def in_order(answers: Iterable[str]) -> list[str]:
    """Put answers in a well-known order, lowest first; others stay as they came.

    Examples
    --------
    >>> in_order(["Yes", "No"]), in_order(["All", "Some", "None"]), in_order(["b", "a"])
    (['No', 'Yes'], ['None', 'Some', 'All'], ['b', 'a'])
    """
    listed = list(answers)
    for order in words()["orders"]:
        if all(plain(answer) in order for answer in listed):
            return sorted(listed, key=lambda answer: order.index(plain(answer)))
    return listed


def share_an_order(answers: Iterable[str]) -> bool:
    """Say whether answers belong to one well-known order of words.

    Examples
    --------
    >>> share_an_order(["Partly in place", "In place"]), share_an_order(["In place", "Yes"])
    (True, False)
    """
    listed = {plain(answer) for answer in answers}
    return any(listed and listed <= set(order) for order in words()["orders"] if "0" not in order)


def _is_well_known(answer: str) -> bool:
    return any(plain(answer) in order for order in words()["orders"])


def _are_percentages(said: Sequence[str]) -> bool:
    """Say whether all are percentages: with a sign, or more of them than a scale has steps."""
    percents = [percent_of(folded(cell)) for cell in said]
    if any(percent is None for percent in percents):
        return False
    signed = any(not cell.replace(".", "").isdigit() for cell in said)
    return signed or len(said) > _MOST_ANSWERS or any(p is not None and p > 10 for p in percents)


def _no_answers(said: Sequence[str], heading: str, in_columns: Mapping[str, int]) -> str:
    numbers = all(_NUMBER.fullmatch(cell) for cell in said)
    if (
        numbers
        and all(0 <= float(cell) <= 1 for cell in said)
        and any("." in cell for cell in said)
    ):
        return "fractions from 0 to 1: write them as percentages"
    if numbers and len(said) > _MOST_ANSWERS:
        return "numbers that are no percentages from 0 to 100"
    if len(said) > _MOST_ANSWERS or max(map(len, said)) > _LONGEST_ANSWER:
        return "too many different or too long answers: free text?"
    unknown = [cell for cell in said if not _is_well_known(cell)]
    if unknown and asks_for_a_person(heading):
        return "asks for a person?"
    if any(in_columns.get(cell, 0) < _COLUMNS_OFTEN for cell in unknown):
        return "words of its own: add them as a scale if they are answers"
    return ""


def _of_the_school(said: Sequence[str], cells: Sequence[str], schools: Sequence[str]) -> str:
    """Find a column that never changes within a school though schools have several rows."""
    if all(_is_well_known(cell) for cell in said) or not schools:
        return ""
    pairs = {(school, cell) for school, cell in zip(schools, cells, strict=True) if cell}
    n_schools = len({school for school, _ in pairs})
    asked_again = sum(bool(cell) for cell in cells) > n_schools
    unchanged = asked_again and len(pairs) == n_schools
    return "one thing about each school: no answer?" if unchanged else ""
