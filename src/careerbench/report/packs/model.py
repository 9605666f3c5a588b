"""What a pack says, whatever the format: numbers with their cells, tables, charts, sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal["count", "percent", "mean", "points", "tally", "moves", "state", "hidden", "none"]

HIDDEN = "hidden"
NONE = "no result"
FEW = "too few for a percentage"


@dataclass(frozen=True, slots=True)
class Number:
    """One figure as it is printed, and the released cells it is a function of.

    Attributes
    ----------
    kind : str
        ``count`` and ``mean`` repeat a cell; ``percent`` is 100 times the first of two cells over
        the second, halves up; ``points`` is the percentage of cells 3 and 4 less that of cells 1
        and 2; ``tally`` counts the cells it names, ``moves`` the pairs of a first and a last
        state; ``state`` is the answer of a cell that
        says 1. ``hidden`` and ``none`` are no numbers.
    text : str
        What is printed.
    value : float or None
        The exact value; None where hidden or none. Of a ``state``, its rank from 0 up.
    cells : tuple of int
        Rows of ``Release.cells()``, from 0, in the order that ``kind`` says.
    """

    kind: Kind
    text: str
    value: float | None = None
    cells: tuple[int, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many gave the answer, and the percentage where both are shown."""

    part: Number
    whole: Number
    percent: Number

    @property
    def text(self) -> str:
        """What is printed where a share has one cell of a page."""
        if self.whole.kind == "none":
            return self.whole.text
        if not self.part.is_shown and not self.whole.is_shown:
            return HIDDEN
        said = f"{self.part.text} of {self.whole.text}"
        return f"{said} ({self.percent.text})" if self.percent.is_shown else said

    @property
    def is_shown(self) -> bool:
        """Whether both counts are shown."""
        return self.part.is_shown and self.whole.is_shown


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean as released, and how many it is the mean of."""

    mean: Number
    n: Number

    @property
    def text(self) -> str:
        """What is printed where a mean has one cell of a page."""
        if self.n.kind == "none":
            return self.n.text
        return f"{self.mean.text} (n {self.n.text})" if self.n.is_shown else self.mean.text

    @property
    def is_shown(self) -> bool:
        """Whether the mean is shown."""
        return self.mean.is_shown


Cell = str | Number | Share | Mean


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and the headings that a share or a mean takes where each number has a cell."""

    heading: str
    kind: Literal["text", "number", "share", "mean"] = "text"

    @property
    def spread(self) -> tuple[str, ...]:
        """The headings where each number has a cell of its own."""
        if self.kind == "share":
            said = ("number", "out of", "percentage")
            return tuple(f"{self.heading}: {part}" for part in said)
        if self.kind == "mean":
            return f"{self.heading}: mean", f"{self.heading}: number who answered"
        return (self.heading,)


@dataclass(frozen=True)
class Table:
    """One table: an id that is unique in the pack, what a row is, and how its numbers are made."""

    id: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    how: str

    def numbers(self) -> Iterator[tuple[str, str, Number]]:
        """Go through every number with the words of its row and its column."""
        for row in self.rows:
            said = [cell for cell in row if isinstance(cell, str)]
            label = ", ".join(said[: max(1, sum(c.kind == "text" for c in self.columns))])
            for column, cell in zip(self.columns, row, strict=True):
                for heading, number in zip(column.spread, parts(cell), strict=False):
                    yield label, heading, number


@dataclass(frozen=True)
class Chart:
    """One picture: which drawing, what it is drawn from, and a sentence in its place."""

    id: str
    kind: Literal["states", "standing", "answers"]
    title: str
    alt: str
    data: Mapping[str, Any]
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Said:
    """A sentence of the master list, filled in, and the numbers it says."""

    id: str
    text: str
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it: sentences, words, charts, tables, in this order."""

    title: str
    said: tuple[Said, ...] = ()
    words: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Stamp:
    """From what a pack was made: release, software, policy, edition."""

    fingerprint: str
    version: str
    policy: str
    edition: str


@dataclass(frozen=True, eq=False)
class Pack:
    """Everything one pack says; the three writers render this and nothing else.

    Attributes
    ----------
    key : str
        ``school-900001`` or ``programme``: the file's name without its ending.
    title, subtitle : str
        Who it is about, and the study's title.
    facts : tuple of (str, str)
        The lines under the title, such as area and waves.
    sections : tuple of Section
        What it says, in order; the last ones are the notes.
    trace : tuple of tuple of str
        Where each number comes from, a row each, in the order of ``TRACE``.
    """

    key: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    stamp: Stamp
    trace: tuple[tuple[str, ...], ...] = field(default=(), repr=False)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in order."""
        return tuple(table for section in self.sections for table in section.tables)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every picture, in order."""
        return tuple(chart for section in self.sections for chart in section.charts)

    def numbers(self) -> Iterator[Number]:
        """Go through every number that is printed anywhere."""
        for section in self.sections:
            for said in section.said:
                yield from said.numbers
            for chart in section.charts:
                yield from chart.numbers
            for table in section.tables:
                yield from (number for _, _, number in table.numbers())

    def __repr__(self) -> str:
        return f"<Pack '{self.key}': {len(self.tables)} tables, {len(self.charts)} charts>"


def parts(cell: Cell) -> tuple[Number, ...]:
    """Return the numbers in a cell, in the order of its column's spread headings."""
    if isinstance(cell, Share):
        return cell.part, cell.whole, cell.percent
    if isinstance(cell, Mean):
        return cell.mean, cell.n
    return (cell,) if isinstance(cell, Number) else ()
