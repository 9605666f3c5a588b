"""Where the numbers of a pack come from: question, wave, slice, measure and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.report.packs.model import Column, Number, Section, Table
from careerbench.report.packs.source import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from careerbench.report.packs.source import Source

TRACE = (
    "Table",
    "Row",
    "Column",
    "Printed",
    "How",
    "Topic",
    "Question or Benchmark",
    "Wave",
    "Slice",
    "Rows of the release's cells",
)
_HOW = {
    "count": "the cell",
    "mean": "the cell",
    "percent": "100 x first cell / second cell",
    "points": "percentage of cells 3 and 4 less percentage of cells 1 and 2",
    "tally": "how many cells",
    "moves": "how many pairs of a first and a last state",
    "state": "the answer of the cell that says 1",
}
_NOT_SLICED = {"topic", "item", "wave", "answer", "answer_group"}


def trace_of(source: Source, tables: Sequence[Table]) -> Iterator[tuple[str, ...]]:
    """Say of every number in the tables where it comes from."""
    for table in tables:
        for row, column, number in table.numbers():
            if number.is_shown:
                yield (table.id, row, column, number.text, *_made(source, number))


def _made(source: Source, number: Number) -> tuple[str, ...]:
    cells = [source.cell(row) for row in number.cells]
    topic = cells[0]["topic"]
    items = dict.fromkeys(source.word(f"item:{topic}", cell["item"]) for cell in cells)
    waves = dict.fromkeys(source.word("wave", cell["wave"]) for cell in cells)
    slices = dict.fromkeys(_slice(source, cell) for cell in cells)
    return (
        _HOW[number.kind],
        source.word("topic", topic),
        "; ".join(items),
        "; ".join(waves),
        "; ".join(slices),
        ", ".join(map(str, number.cells)),
    )


def _slice(source: Source, cell: dict[str, str]) -> str:
    said = [
        f"{name} {cell[name]}"
        for name in source.dimensions
        if name not in _NOT_SLICED and cell[name] != ALL
    ]
    return ", ".join(said) or "everybody"


def origins_section(source: Source, tables: Sequence[Table]) -> Section:
    """List the tables with what each of their numbers is made from."""
    edition = source.release.manifest["framework"]["id"]
    rows = tuple((table.id, _what(source, table), table.how) for table in tables)
    table = Table(
        "how-made",
        "How was this made? Table by table",
        "One row per table.",
        (Column("Table"), Column("Cells of the release"), Column("How the numbers are made")),
        rows,
        "",
    )
    words = (
        f"Every number is a cell of the release, or worked out from shown cells as said here. "
        f"Framework edition: {edition}. The workbook of this pack names the cells of every "
        "single number (sheet How_made): they are the rows of the release's table of cells, "
        "counted from 0.",
    )
    return Section("How was this made?", (), words, (), (table,))


def _what(source: Source, table: Table) -> str:
    """Say which cells a table looks at, from the cells it shows."""
    rows = {cell for _, _, number in table.numbers() for cell in number.cells}
    if not rows:
        return "none of its cells is shown"
    cells = [source.cell(row) for row in rows]
    names = ("topic", *(name for name in source.dimensions if name not in _NOT_SLICED))
    found = {name: sorted({str(cell[name]) for cell in cells} - {ALL}) for name in names}
    wider = set(source.areas) if found.get("school_urn") else set(source.areas[:-1])
    said = [_in_words(source, name, codes) for name, codes in found.items()
            if codes and name not in wider]  # fmt: skip
    units = sorted({str(cell["unit"]) for cell in cells})
    return f"{', '.join(said)}; counted: {', '.join(units)}"


def _in_words(source: Source, name: str, codes: Sequence[str]) -> str:
    """Say a column's codes in words: the one there is, or that there is one of each."""
    titles = {"topic": "", "school_urn": "school", source.areas[-1] if source.areas else "": "area"}
    title = titles.get(name, source.word("characteristic", name).replace("_", " "))
    if len(codes) > 1:
        return f"each {title[:1].lower()}{title[1:]}"
    word = source.word(name, codes[0])
    return word if name == "topic" or word != codes[0] else f"{title} {word}"
