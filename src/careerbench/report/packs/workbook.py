"""Packs as accessible workbooks (gptables): cover, contents, notes, one table a sheet."""

from __future__ import annotations

import io
import re
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from careerbench.report.packs.model import FEW, Column, Number, parts
from careerbench.report.packs.notes import SYMBOLS, WHY_HIDDEN
from careerbench.report.packs.sheets import import_gptables, workbook_class
from careerbench.report.packs.trace import TRACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from careerbench.report.packs.model import Cell, Pack, Table

HOW_MADE = "How_made"
IN_WORDS = "In_words"
_LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_LONGEST_NAME = 31
_RESERVED = ("Cover", "Contents", "Notes", IN_WORDS, HOW_MADE)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False}  # fmt: skip
_ONE_TABLE = "This worksheet contains one table."
_STATE_WORDS = {"achieved": "Achieved", "partial": "Partial", "not achieved": "Not achieved",
                "not scored": "Not scored"}  # fmt: skip


def workbook(pack: Pack) -> bytes:
    """Return the pack as xlsx.

    Every number has a cell of its own and is a number there; a figure that is hidden, or not
    there, has its shorthand, which the sheet and the notes explain. No cell is merged or blank.
    """
    target = io.BytesIO()
    gptables = import_gptables()
    with warnings.catch_warnings():
        # pandas deprecates inplace=, which gptables still uses; it changes no result
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="gptables")
        book = workbook_class()(target, _OPTIONS)
        book.set_properties({"title": f"{pack.title} - {pack.subtitle}", "created": _LONG_AGO,
                             "author": pack.stamp.version, "subject": pack.stamp.policy,
                             "comments": f"Data fingerprint {pack.stamp.fingerprint}"})  # fmt: skip
        book.set_custom_property("Language", "en-GB")
        sheets = dict(_sheets(pack))
        book.add_worksheet("Cover").write_cover(
            gptables.Cover(
                title=pack.title,
                intro=[f"{name}: {value}" for name, value in pack.facts],
                about=_about(pack),
                width=100,
            )
        )
        contents = book.make_table_of_contents(sheets)
        for name, table in {"Contents": contents, "Notes": _notes(pack), **sheets}.items():
            book.add_worksheet(name).write_gptable(table, auto_width=True)
        book.close()
    return target.getvalue()


def _about(pack: Pack) -> list[str]:
    return [
        "Worksheets: Contents lists the tables, Notes explains them, In_words says in sentences "
        "what stands out, How_made names the cells of the release behind every number.",
        *(f"Shorthand {symbol}: {meaning}" for symbol, meaning in SYMBOLS),
        f"Framework: {pack.stamp.edition}.",
        f"Policy: {pack.stamp.policy}.",
        f"Data: release with the fingerprint {pack.stamp.fingerprint}. "
        f"Software: {pack.stamp.version}.",
    ]


def _sheets(pack: Pack) -> Iterator[tuple[str, Any]]:
    sentences = [(s.title, said.text) for s in pack.sections for said in s.said]
    words = sentences or [("All sections", "No sentence of the master list fits these figures.")]
    yield (
        IN_WORDS,
        _gptable("in_words", "What stands out, in words", ("Section", "Sentence"), words),
    )
    taken = set(_RESERVED)
    for section in pack.sections:
        for table in section.tables:
            if table.id != "how-made" and table.rows:
                name = _sheet_name(table.id, taken)
                yield name, _of_table(table, name)
    rows = pack.trace or [("none", *["[x]"] * (len(TRACE) - 1))]
    title = f"How was this made? Every number; framework edition: {pack.stamp.edition}"
    yield HOW_MADE, _gptable("how_made_numbers", title, TRACE, rows)


def _of_table(table: Table, name: str) -> Any:
    headings = [heading for column in table.columns for heading in column.spread]
    rows = [
        [value for column, cell in zip(table.columns, row, strict=True)
         for value in _values(column, cell)]
        for row in table.rows
    ]  # fmt: skip
    used = {value for row in rows for value in row if isinstance(value, str)}
    legend = [f"{symbol} {meaning}" for symbol, meaning in SYMBOLS if symbol in used]
    return _gptable(
        f"t_{name}", table.title, headings, rows, instructions=f"{_ONE_TABLE} {table.about}",
        legend=legend, source=f"How the numbers are made: {table.how}.",
    )  # fmt: skip


def _gptable(
    name: str,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
    **said: Any,
) -> Any:
    import pandas as pd

    frame = pd.DataFrame([list(row) for row in rows], columns=list(headings), dtype="object")
    said = {"instructions": _ONE_TABLE, **said}
    return import_gptables().GPTable(
        frame, re.sub(r"\W", "_", name), title, index_columns={2: 0}, **said
    )


def _notes(pack: Pack) -> Any:
    texts = [f"{symbol} {meaning}" for symbol, meaning in SYMBOLS]
    texts += [
        f"{section.title}: {word}"
        for section in pack.sections
        if section.title != "How was this made?"
        for word in section.words
        if WHY_HIDDEN not in word  # [c] says it
    ]
    rows = list(enumerate(dict.fromkeys(texts), start=1))
    return _gptable("notes_table", "Notes", ("Note number", "Note text"), rows)


def _values(column: Column, cell: Cell) -> list[str | float]:
    """Spread a cell over its column's headings."""
    if isinstance(cell, str):
        return [cell]
    numbers = parts(cell)
    assert len(numbers) == len(column.spread)
    return [_value(number) for number in numbers]


def _value(number: Number) -> str | float:
    if number.kind == "hidden":
        return "[c]"
    if number.kind == "none":
        return {FEW: "[u]", "nobody to count": "[z]"}.get(number.text, "[x]")
    if number.kind == "state":
        return _STATE_WORDS[number.text]
    plain = number.text.replace(",", "").replace("−", "-").strip("%+")
    return float(plain) if number.kind == "mean" else int(plain)


def _sheet_name(said: str, taken: set[str]) -> str:
    """Make a sheet's name: no spaces, at most 31 characters, taken by no other."""
    plain = re.sub(r"\W+", "_", said).strip("_") or "table"
    name, number = plain[:_LONGEST_NAME], 2
    while name.casefold() in {other.casefold() for other in taken}:
        ending = f"_{number}"
        name, number = plain[: _LONGEST_NAME - len(ending)] + ending, number + 1
    taken.add(name)
    return name
