"""What the words of ``methods.toml`` may name of a record: its fields, its columns, its counts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from careerbench.report.facts import load_words
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from careerbench.result import Result

_PERCENT = {"confidence"}


@dataclass(frozen=True)
class Count:
    """A whole number; ``{n:school}`` writes it with its noun."""

    value: float

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return number(self.value)

    def __format__(self, noun: str) -> str:
        return _with_noun(str(self), noun, one=self.value == 1)


@dataclass(frozen=True)
class Column:
    """A column of numbers: written as its range, with its ``sum`` beside it."""

    low: float
    high: float
    total: float

    @property
    def sum(self) -> Count:
        """Hand out the sum of the column."""
        return Count(self.total)

    def __bool__(self) -> bool:
        return bool(self.total)

    def __str__(self) -> str:
        low, high = number(self.low), number(self.high)
        return low if low == high else f"{low} to {high}"

    def __format__(self, noun: str) -> str:
        return _with_noun(str(self), noun, one=self.low == self.high == 1)


@dataclass(frozen=True)
class Frame:
    """A table whose columns of numbers are named by their own names."""

    table: pd.DataFrame

    def __getattr__(self, name: str) -> Column:
        return column(self.table, name)


def _with_noun(written: str, noun: str, *, one: bool) -> str:
    """Put a noun behind a number, in the plural unless there is one of it."""
    return f"{written} {noun}{'' if one else 's'}" if noun else written


def column(table: pd.DataFrame, name: str) -> Column:
    """Sum a column up; one without a number has no range."""
    values = table[name].dropna().astype("float64")
    if not len(values):
        return Column(float("nan"), float("nan"), 0.0)
    return Column(float(values.min()), float(values.max()), float(values.sum()))


def words_of(result: Result, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Collect everything that the sentences about a record may name."""
    import pandas as pd

    table = result.table
    words: dict[str, Any] = {
        str(name): column(table, name)
        for name in table.columns
        if pd.api.types.is_numeric_dtype(table[name]) and table[name].dtype != bool
    }
    words |= {"rows": Count(len(table)), "shown": Count(_n_shown(table))}
    words["apart"] = _apart(result)
    percent = _PERCENT | set(facts.get("percent", ()))
    for each in fields(result):
        if each.name == "table":
            continue
        value = getattr(result, each.name)
        words[each.name] = Frame(value) if isinstance(value, pd.DataFrame) else value
    words = {
        name: said(value, facts.get("words", {}).get(name, {}), percent=name in percent)
        for name, value in words.items()
    }
    return words | _design(words)


def said(value: Any, words: Mapping[str, str], *, percent: bool = False) -> Any:
    """Put a field in words; what is a count, a column or a table stays itself."""
    if str(value) in words:
        return words[str(value)]
    if value is None or isinstance(value, bool | Count | Column | Frame):
        return value
    if isinstance(value, int) and not percent:
        return Count(value)
    if isinstance(value, float | int):
        return f"{half_up(100 * value, places=0 if percent else 2)}%" if percent else number(value)
    if isinstance(value, tuple | list):
        return listed([str(each) for each in value])
    return value


def number(value: float) -> str:
    """Write a number for a sentence: whole, or with two decimals.

    Examples
    --------
    >>> number(1234.0), number(0.456), number(-0.5)
    ('1,234', '0.46', '−0.50')
    """
    if value != value:
        return "not known"
    return f"{int(value):,}" if float(value).is_integer() else half_up(value, places=2)


def listed(names: list[str]) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _apart(result: Result) -> str:
    """Say by what the table is taken apart, Benchmarks aside."""
    known = load_words("paragraphs/methods")["keys"]
    given = [name for name in getattr(result, "by", ()) if name in result.table]
    if "wave" in result.table and "wave" not in given:
        given.append("wave")
    names = [known.get(name, name.replace("_", " ")) for name in given]
    return f", separately by {listed(names)}" if names else ""


def _n_shown(table: pd.DataFrame) -> int:
    """Count the rows whose figure is there."""
    for name in ("share", "shrunken", "rank"):
        if name in table:
            return int(table[name].notna().sum())
    return len(table)


def _design(words: Mapping[str, Any]) -> dict[str, Any]:
    """Put the design of a planned study in words."""
    design = words.get("design")
    if design is None or isinstance(design, str):
        return {}
    names = [each.name for each in fields(design) if each.name != "n_schools"]
    kind, assumed = type(design).__name__, load_words("paragraphs/methods")["assumed"]
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind)
    return {
        "design_name": spaced.strip(),
        "assumptions": listed(
            [f"{assumed.get(name, name)} {getattr(design, name):g}" for name in names]
        ),
        "uneven": getattr(design, "size_cv", 0) > 0,
        "is_schools_only": kind == "SchoolsBeforeAfter",
    }
