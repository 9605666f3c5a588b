"""``Grid``: a table of text as it stood in a file, and what was decided while reading it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerbench.errors import ReadError
from careerbench.loaders.problems import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    import pyarrow as pa

Rows = list[list[str]]
_SPACE, _ASCII = 32, 127


@dataclass(frozen=True)
class Grid:
    """One table of text.

    Attributes
    ----------
    frame : DataFrame
        Every cell as text; a blank cell is missing; the index counts rows from 0.
    header_row : int
        The row of the file that holds the headings, counted from 1.
    decisions : tuple of str
        What the reader decided, in words.
    repeated : tuple of str
        Headings that stood over more than one column.
    """

    frame: pd.DataFrame
    header_row: int
    decisions: tuple[str, ...]
    repeated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headings:
    """The names that columns go by, and what was done to the headings to get them."""

    names: tuple[str, ...]
    decisions: tuple[str, ...]
    repeated: tuple[str, ...]
    blank: tuple[int, ...]


def name_columns(headings: Sequence[str], width: int) -> Headings:
    """Give each of ``width`` columns one name of its own; the first column keeps a shared one.

    Examples
    --------
    >>> name_columns(["urn", "a", "a", ""], 5).names
    ('urn', 'a', 'a_2', 'unnamed_1', 'unnamed_2')
    """
    said = [" ".join(heading.split()) for heading in headings] + [""] * (width - len(headings))
    taken = set(said)
    names: list[str] = []
    repeated: list[str] = []
    for heading in said:
        name = heading
        if not heading:
            name = _free("unnamed", taken, start=1)
        elif heading in names:
            repeated.append(heading)
            name = _free(heading, taken, start=2)
        taken.add(name)
        names.append(name)
    decisions = [
        f"heading '{name}' stands more than once: later ones numbered" for name in repeated
    ]
    blank = tuple(place for place, heading in enumerate(said) if not heading)
    return Headings(tuple(names), tuple(dict.fromkeys(decisions)), tuple(repeated), blank)


def from_rows(rows: Rows, *, header_row: int | None, name: str, trim: bool) -> Grid:
    """Make a grid of rows of any length: short rows are padded, long rows kept in new columns."""
    at = find_header(rows, header_row=header_row, name=name)
    body, n_trailing = _without_trailing_blanks(rows[at + 1 :])
    n_headings = len(rows[at])
    width = max([n_headings, *map(len, body)])
    headings = name_columns(rows[at], width)
    padded = [row + [""] * (width - len(row)) if len(row) < width else row for row in body]
    columns = [_text_array(cells) for cells in zip(*padded, strict=True)] if body else []
    if not body:
        columns = [_text_array(()) for _ in range(width)]
    decisions = [f"headings in row {at + 1}", *_ragged(body, n_headings, headings)]
    if n_trailing:
        decisions.append(f"{count(n_trailing, 'blank row')} at the end dropped")
    return to_grid(columns, headings, header_row=at + 1, decisions=decisions, trim=trim)


def to_grid(
    columns: Sequence[pa.ChunkedArray],
    headings: Headings,
    *,
    header_row: int,
    decisions: Iterable[str],
    trim: bool,
) -> Grid:
    """Put columns under their names; columns with neither heading nor cells are dropped."""
    import pyarrow as pa

    cells = [_blank_to_missing(column, trim=trim) for column in columns]
    empty = {place for place in headings.blank if cells[place].null_count == len(cells[place])}
    kept = [place for place in range(len(cells)) if place not in empty]
    names = [headings.names[place] for place in kept]
    frame = pa.table([cells[place] for place in kept], names=names).to_pandas()
    said = [*decisions, *headings.decisions]
    if empty:
        said.append(f"{count(len(empty), 'column')} with neither heading nor cells dropped")
    return Grid(frame, header_row, tuple(said), headings.repeated)


def find_header(rows: Rows, *, header_row: int | None, name: str) -> int:
    """Find the headings: the row asked for, or the first that is not blank (counted from 0)."""
    if header_row is not None:
        if header_row <= len(rows) and not _is_blank(rows[header_row - 1]):
            return header_row - 1
        raise ReadError(
            f"read_table: '{name}' has no headings in row {header_row}.",
            found=f"{len(rows)} rows" if header_row > len(rows) else "a blank row",
            hint="header_row is the row a spreadsheet shows, the first being 1",
        )
    for place, row in enumerate(rows):
        if not _is_blank(row):
            return place
    raise ReadError(
        f"read_table: '{name}' holds no table.",
        found="blank cells only",
        hint="a file with headings in its first row",
    )


def _is_blank(row: list[str]) -> bool:
    return not any(cell.strip() for cell in row)


def _without_trailing_blanks(rows: Rows) -> tuple[Rows, int]:
    end = len(rows)
    while end and _is_blank(rows[end - 1]):
        end -= 1
    return rows[:end], len(rows) - end


def _ragged(body: Rows, n_headings: int, headings: Headings) -> list[str]:
    """Say how many rows were shorter or longer than the row of headings."""
    n_short = sum(len(row) < n_headings for row in body)
    n_long = sum(len(row) > n_headings for row in body)
    said = (
        [f"{count(n_short, 'row')} shorter than the headings padded with blanks"] if n_short else []
    )
    if n_long:
        first, last = headings.names[n_headings], headings.names[-1]
        where = first if first == last else f"{first} to {last}"
        said.append(f"{count(n_long, 'row')} longer than the headings: last cells kept in {where}")
    return said


def _text_array(cells: Sequence[str]) -> pa.ChunkedArray:
    import pyarrow as pa

    return pa.chunked_array([pa.array([cell or None for cell in cells], pa.large_string())])


def _blank_to_missing(column: pa.ChunkedArray, *, trim: bool) -> pa.ChunkedArray:
    """Turn cells of nothing but white space into missing ones; take it off the others if asked."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not any(_may_have_spaces(chunk) for chunk in column.chunks):
        return column
    if trim:
        column = pc.utf8_trim_whitespace(column)
    spaces = pc.equal(pc.binary_length(column), 0) if trim else pc.utf8_is_space(column)
    if not pc.any(spaces).as_py():
        return column
    return pc.if_else(pc.fill_null(spaces, False), pa.scalar(None, column.type), column)


def _may_have_spaces(cells: pa.Array) -> bool:
    """Tell whether any cell begins or ends with a byte that could be white space.

    Looks at two bytes of each cell, which is much faster than trimming. For an empty cell those
    are its neighbours' bytes, which does no harm.
    """
    import numpy as np

    _, offsets, text = cells.buffers()
    if text is None or not text.size or not len(cells):
        return False
    ends = np.frombuffer(offsets, np.int64)[cells.offset : cells.offset + len(cells) + 1]
    if ends[-1] == ends[0]:
        return False
    letters = np.frombuffer(text, np.uint8)
    first = letters[np.minimum(ends[:-1], ends[-1] - 1)]
    last = letters[np.maximum(ends[1:] - 1, 0)]
    return bool(((first <= _SPACE) | (first > _ASCII) | (last <= _SPACE) | (last > _ASCII)).any())


def _free(stem: str, taken: set[str], *, start: int) -> str:
    number = start
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
