"""``Column`` and ``TableSchema``: what a table should hold, read from ``schemas/*.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = (
    "text", "urn", "laestab", "date", "integer", "number", "percent", "year_group",
)  # fmt: skip
WITH_REASON = ("date", "integer", "number", "percent")


@dataclass(frozen=True)
class Column:
    """One column that a table may hold.

    Attributes
    ----------
    name, kind, about : str
        Its name here, what its cells are (one of ``KINDS``), and a line on what it means.
    also : tuple of str
        Headings under which files hold it; case, spaces and punctuation do not matter.
    required : bool
        Whether a table without the column is refused, and a row without a value is an error.
    always : bool
        Whether the column is in the result even where a file lacks it.
    reason : bool
        Whether a ``_reason`` column stands beside it.
    trait : bool
        Whether it describes who answered.
    blank : tuple of str
        Words that say there is no value.
    """

    name: str
    kind: str
    about: str
    also: tuple[str, ...] = ()
    required: bool = False
    always: bool = False
    reason: bool = False
    trait: bool = False
    blank: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSchema:
    """What one table holds: grain, key and columns.

    Attributes
    ----------
    name, grain : str
        The table, and what one row is.
    key : tuple of str
        Columns that together name a row.
    columns : mapping of str to Column
        Every known column by its name, in the order of the result.
    placeholders : tuple of str
        ISO dates that stand for "not known".
    personal : tuple of str
        Folded beginnings of headings that hold names of people.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    placeholders: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()

    @cached_property
    def headings(self) -> dict[str, str]:
        """Every heading a column goes by, folded, to the column's name."""
        return {
            fold(heading): column.name
            for column in self.columns.values()
            for heading in (*column.also, column.name)
        }

    def find(self, heading: str) -> str | None:
        """Return the column that a heading stands for, or None."""
        return self.headings.get(fold(heading))


def fold(heading: str) -> str:
    """Reduce a heading to its letters and digits, so that spelling habits do not matter.

    Examples
    --------
    >>> fold("School URN"), fold("school_urn")
    ('schoolurn', 'schoolurn')
    """
    return "".join(each for each in heading.casefold() if each.isalnum())


@cache
def load_schema(name: str) -> TableSchema:
    """Read a table's schema from the file that ships with the room.

    Examples
    --------
    >>> load_schema("links").key
    ('school_urn', 'link_urn', 'link_type', 'link_date')
    """
    said = _read_toml(name)
    columns = {column: _column(column, facts) for column, facts in said["columns"].items()}
    return TableSchema(
        name=said["name"],
        grain=said["grain"],
        key=tuple(said["key"]),
        columns=columns,
        placeholders=tuple(said.get("placeholders", ())),
        personal=tuple(said.get("personal", ())),
    )


@cache
def load_symbols() -> dict[str, str]:
    """Read the symbols that stand where a value is missing, case folded, and what each means."""
    meanings: dict[str, list[str]] = _read_toml("symbols")["meanings"]
    return {symbol.casefold(): why for why, symbols in meanings.items() for symbol in symbols}


def _read_toml(name: str) -> dict:
    file = files("careerbench.loaders") / "schemas" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _column(name: str, facts: dict) -> Column:
    kind = facts["kind"]
    if kind not in KINDS:
        raise AssertionError(f"schema: column '{name}' has no kind '{kind}'")
    return Column(
        name=name,
        kind=kind,
        about=facts["about"],
        also=tuple(facts.get("also", ())),
        required=facts.get("required", False),
        always=facts.get("always", False),
        reason=facts.get("reason", kind in WITH_REASON),
        trait=facts.get("trait", False),
        blank=tuple(facts.get("blank", ())),
    )
