"""``Grid``: a table of text as it stood in a file, and what was decided while reading it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from careerbench.errors import ReadError
from careerbench.loaders.problems import count
from careerbench.loaders.shape import find_layout
from careerbench.loaders.typed import show_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

    from careerbench.loaders.labels import Labels
    from careerbench.loaders.shape import Cells, Spans, Wishes

COLUMNS_LIMIT = 16_384
_AT_ONCE = 4
_SPACE, _ASCII, _MAYBE_SPACE, _MAYBE_FORMULA = 32, 127, 1, 2
_FORMULA = r"(?s)^[=@\t\r]|^[+-].*[^0-9.,%\s+-]"
_WHOLE_LIMIT, _SMALL, _LARGE = 2.0**53, 1e-3, 1e15


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
    labels : Labels, optional
        What a statistics program says about its columns.
    """

    frame: pd.DataFrame
    header_row: int
    decisions: tuple[str, ...]
    repeated: tuple[str, ...] = ()
    labels: Labels | None = None


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
    taken, given = set(said), set[str]()
    numbers: dict[str, int] = {}
    names: list[str] = []
    repeated: list[str] = []
    for heading in said:
        name = heading
        if not heading:
            name = _free("unnamed", taken, numbers, start=1)
        elif heading in given:
            repeated.append(heading)
            name = _free(heading, taken, numbers, start=2)
        taken.add(name)
        given.add(name)
        names.append(name)
    decisions = [
        f"heading '{name}' stands more than once: later ones numbered" for name in repeated
    ]
    blank = tuple(place for place, heading in enumerate(said) if not heading)
    return Headings(tuple(names), tuple(dict.fromkeys(decisions)), tuple(repeated), blank)


def from_rows(rows: Cells, *, wishes: Wishes, name: str, trim: bool, spans: Spans = ()) -> Grid:
    """Make a grid of rows of any length: short rows are padded, long rows kept in new columns."""
    layout = find_layout(rows, wishes=wishes, name=name, spans=spans)
    body = rows[layout.bottom + 1 : layout.end]
    n_headings = len(layout.headings)
    lengths = set(map(len, body))
    width = max([n_headings, *lengths])
    refuse_wide(width, name)
    headings = name_columns(layout.headings, width)
    if lengths - {width}:
        body = [[*row, *[""] * (width - len(row))] if len(row) < width else row for row in body]
    columns = [_text_array([row[place] for row in body]) for place in range(width)]
    decisions = list(layout.decisions)
    if lengths - {n_headings}:
        original = rows[layout.bottom + 1 : layout.end]
        decisions[1:1] = _ragged(original, n_headings, headings)
    header_row = layout.bottom + 1
    return to_grid(columns, headings, header_row=header_row, decisions=decisions, trim=trim)


def refuse_wide(width: int, name: str) -> None:
    """Refuse a table wider than a spreadsheet."""
    if width > COLUMNS_LIMIT:
        raise ReadError(
            f"read_table: '{name}' has too many columns.",
            found=f"{width:,}; at most {COLUMNS_LIMIT:,}",
            hint="a row of the table for each school or answer, not a column",
        )


def coded_grid(
    columns: Sequence[pa.DictionaryArray],
    names: Sequence[str],
    *,
    decisions: Iterable[str],
    labels: Labels | None = None,
) -> Grid:
    """Put columns of codes and texts under their names, as categories."""
    import pandas as pd

    headings = name_columns(names, len(names))
    series = [pd.Series(_categories(column)) for column in columns]
    frame = pd.concat(series, axis=1) if series else pd.DataFrame()
    frame.columns = pd.Index(list(headings.names), dtype="str")
    n_formulas = sum(map(_count_formulas, columns))
    said = (*decisions, *headings.decisions, *_say_formulas(n_formulas))
    return Grid(frame, 0, said, headings.repeated, labels)


def uncoded(frame: pd.DataFrame) -> pd.DataFrame:
    """Write columns of categories out, as text or what else they hold."""
    import pandas as pd

    if not any(kind == "category" for kind in frame.dtypes):
        return frame
    columns = [frame[name] for name in frame.columns]
    with ThreadPoolExecutor(_AT_ONCE) as workers:  # Arrow lets other threads run
        arrays = list(workers.map(_spelt, columns))
    whole = dict(zip(map(str, frame.columns), arrays, strict=True))
    return pd.DataFrame(whole, index=frame.index, copy=False)


def _spelt(column: pd.Series) -> pd.api.extensions.ExtensionArray:
    import pandas as pd
    import pyarrow as pa

    if column.dtype != "category":
        return column.array
    codes = column.cat.codes.to_numpy()
    if column.cat.categories.dtype != "str":
        return column.cat.categories.array.take(codes, allow_fill=True)
    texts = pa.array(column.cat.categories, pa.large_string())
    if not len(texts):
        return pd.array([None] * len(codes), dtype="str")
    missing = codes < 0 if codes.size and codes.min() < 0 else None
    return pd.array(texts.take(pa.array(codes, mask=missing)), dtype="str")


def _categories(column: pa.DictionaryArray) -> pd.Categorical:
    import pandas as pd

    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    texts = pd.Index(column.dictionary.to_pandas(), dtype="str")
    return pd.Categorical.from_codes(codes, texts, validate=False)


def _count_formulas(column: pa.DictionaryArray) -> int:
    import pyarrow.compute as pc

    found = pc.match_substring_regex(column.dictionary, _FORMULA)
    if not pc.any(found).as_py():
        return 0
    return pc.sum(found.take(column.indices)).as_py() or 0


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

    looked = [_blank_to_missing(column, trim=trim) for column in columns]
    cells = [column for column, _ in looked]
    empty = {place for place in headings.blank if cells[place].null_count == len(cells[place])}
    kept = [place for place in range(len(cells)) if place not in empty]
    names = [headings.names[place] for place in kept]
    frame = pa.table([cells[place] for place in kept], names=names).to_pandas()
    said = [*decisions, *headings.decisions]
    if empty:
        said.append(f"{count(len(empty), 'column')} with neither heading nor cells dropped")
    said += _say_formulas(sum(n_formulas for _, n_formulas in looked))
    return Grid(frame, header_row, tuple(said), headings.repeated)


def _say_formulas(n_formulas: int) -> list[str]:
    if not n_formulas:
        return []
    begin = "begins" if n_formulas == 1 else "begin"
    return [f"warning: {count(n_formulas, 'cell')} {begin} like a formula: kept as text, not run"]


def _ragged(body: Cells, n_headings: int, headings: Headings) -> list[str]:
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


def _text_array(cells: Sequence[object]) -> pa.ChunkedArray:
    """Write a column of cells as text, as fast as their types allow."""
    import pyarrow as pa

    text = pa.large_string()
    if not cells or isinstance(cells[0], str):
        words = _from_words(cells)
        if words is not None:
            return pa.chunked_array([words])
    kinds = set(map(type, cells))
    numbers = _from_numbers(cells, plain=str not in kinds) if kinds <= {str, float, int} else None
    if numbers is not None:
        return pa.chunked_array([numbers])
    if bool in kinds:  # True equals 1: no common look-up
        return pa.chunked_array([pa.array([show_cell(cell) or None for cell in cells], text)])
    shown = {cell: show_cell(cell) or None for cell in set(cells)}
    return pa.chunked_array([pa.array([shown[cell] for cell in cells], text)])


def _from_words(cells: Sequence[object]) -> pa.Array | None:
    """Write texts as they are, blank ones as missing; None where not all are texts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        words = pa.array(cells, pa.large_string())
    except UnicodeEncodeError:  # half a surrogate pair: no character
        clean = [str(cell).encode(errors="replace").decode() or None for cell in cells]
        return pa.array(clean, pa.large_string())
    except pa.ArrowException:
        return None
    blank = pc.equal(pc.binary_length(words), 0)
    return pc.if_else(blank, pa.scalar(None, words.type), words) if pc.any(blank).as_py() else words


def _from_numbers(cells: Sequence[object], *, plain: bool) -> pa.Array | None:
    """Write numbers as a spreadsheet shows them; None where Arrow would write them otherwise."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        filled = cells if plain else [None if cell == "" else cell for cell in cells]
        numbers = pa.array(filled, pa.float64())
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None
    size = pc.abs(numbers)
    largest = pc.max(size).as_py() or 0.0
    if largest < _WHOLE_LIMIT and pc.all(pc.equal(numbers, pc.trunc(numbers))).as_py():
        coded = numbers.cast(pa.int64()).dictionary_encode()
        return coded.dictionary.cast(pa.large_string()).take(coded.indices)
    usual = pc.or_(pc.equal(size, 0), pc.and_(pc.greater(size, _SMALL), pc.less(size, _LARGE)))
    return numbers.cast(pa.large_string()) if pc.all(usual).as_py() else None


def _blank_to_missing(column: pa.ChunkedArray, *, trim: bool) -> tuple[pa.ChunkedArray, int]:
    """Turn cells of nothing but white space into missing ones; take it off the others if asked.

    Also counts the cells that a spreadsheet would take for a formula.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    seen = 0
    for chunk in column.chunks:
        seen |= _edges(chunk)
    n_formulas = 0
    if seen & _MAYBE_FORMULA:
        n_formulas = pc.sum(pc.match_substring_regex(column, _FORMULA)).as_py() or 0
    if not seen & _MAYBE_SPACE:
        return column, n_formulas
    if trim:
        column = pc.utf8_trim_whitespace(column)
    spaces = pc.equal(pc.binary_length(column), 0) if trim else pc.utf8_is_space(column)
    if not pc.any(spaces).as_py():
        return column, n_formulas
    return pc.if_else(pc.fill_null(spaces, False), pa.scalar(None, column.type), column), n_formulas


def _edges(cells: pa.Array) -> int:
    """Tell whether any cell may begin or end with white space, or begin like a formula.

    Looks at two bytes of each cell, which is much faster than trimming. For an empty cell those
    are its neighbours' bytes, which does no harm.
    """
    import numpy as np

    _, offsets, text = cells.buffers()
    if text is None or not text.size or not len(cells):
        return 0
    ends = np.frombuffer(offsets, np.int64)[cells.offset : cells.offset + len(cells) + 1]
    if ends[-1] == ends[0]:
        return 0
    begins_with, ends_with = _edge_bytes()
    letters = np.frombuffer(text, np.uint8)
    first = begins_with.take(letters.take(ends[:-1], mode="clip"))
    last = ends_with.take(letters.take(ends[1:] - 1, mode="clip"))
    return int(np.bitwise_or.reduce(first) | np.bitwise_or.reduce(last))


@cache
def _edge_bytes() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Look up what the first byte of a cell may mean, and what the last."""
    import numpy as np

    last = np.zeros(256, np.uint8)
    last[: _SPACE + 1] = last[_ASCII + 1 :] = _MAYBE_SPACE
    first = last.copy()
    for letter in "=@+-\t\r":
        first[ord(letter)] |= _MAYBE_FORMULA
    return first, last


def _free(stem: str, taken: set[str], numbers: dict[str, int], *, start: int) -> str:
    number = numbers.get(stem, start)
    while f"{stem}_{number}" in taken:
        number += 1
    numbers[stem] = number + 1
    return f"{stem}_{number}"
