"""The cells of a release, to be looked up one by one: a shown figure, hidden, or not there."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from careerbench.errors import DisclosureError, quoted
from careerbench.report.packs.model import FEW, HIDDEN, NONE, Mean, Number, Share
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from careerbench.disclosure.release import Release

ALL = "All"
STATES = ("not scored", "not achieved", "partial", "achieved")
"""From the lowest: a state's rank is its place here."""

_NOT_DIMENSIONS = {"unit", "measure", "value", "reason"}
_NO_LETTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHOWN, _HIDDEN = "", "c"
_NOTHING = Number("none", NONE)
_NO_PERCENT = Number("none", FEW)


class Source:
    """Looks figures up in a release. It keeps no figure of its own and estimates nothing.

    Parameters
    ----------
    release : Release
        What may be seen; nothing else is read.

    Notes
    -----
    A cell that says something impossible (a count that is not whole, two cells for one figure) is
    refused when it is looked up, so that it costs the pack that needs it and no other.
    """

    def __init__(self, release: Release) -> None:
        self.release = release
        cells = release.tables["cells"]
        self.dimensions = [name for name in cells.columns if name not in _NOT_DIMENSIONS]
        self._columns = {name: cells[name].astype(object).tolist() for name in cells.columns}
        said = [self._columns[name] for name in [*self.dimensions, "measure"]]
        self._rows: dict[tuple[str, ...], int] = {}
        self._doubled: set[tuple[str, ...]] = set()
        for row, key in enumerate(zip(*said, strict=True)):
            if self._rows.setdefault(key, row) != row:
                self._doubled.add(key)
        policy = release.manifest["policy"]
        self._least = int(policy["percentages"]["least"])
        self._places = int(policy["means"]["decimals"])

    # ---- words

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """The words for the codes of each dimension, in the order in which people expect them."""
        found: dict[str, dict[str, str]] = {}
        table = self.release.tables["labels"]
        for dimension, code, label in zip(
            table["dimension"], table["code"], table["label"], strict=True
        ):
            found.setdefault(str(dimension), {})[str(code)] = printable(str(label))
        return found

    def word(self, dimension: str, code: str) -> str:
        """Return the word for a code, or the code where the release has no word for it."""
        return self.labels.get(dimension, {}).get(code, code)

    @cached_property
    def waves(self) -> dict[str, str]:
        """The waves and their titles, in order."""
        return {
            str(wave): printable(str(title))
            for wave, title in self.release.manifest["waves"].items()
        }

    @cached_property
    def areas(self) -> list[str]:
        """The columns of areas, from coarse to fine."""
        named = self.release.manifest["crossing"].get("areas", [])
        return [str(name) for name in named if name in self.dimensions]

    @cached_property
    def schools(self) -> dict[str, dict[str, str]]:
        """The rows of the register that the release holds, by number."""
        table = self.release.tables["schools"]
        rows = table.astype(object).where(table.notna(), "").to_dict("records")
        return {
            str(row["school_urn"]): {k: printable(str(v)) for k, v in row.items()} for row in rows
        }

    @cached_property
    def with_results(self) -> set[str]:
        """The schools that the release has any cell of."""
        return set(self._columns["school_urn"]) - {ALL} if "school_urn" in self._columns else set()

    @cached_property
    def has_school_states(self) -> bool:
        """Whether the release has any school's own Benchmark results, shown or hidden."""
        if "school_urn" not in self._columns:
            return False
        pairs = zip(self._columns["topic"], self._columns["school_urn"], strict=True)
        return any(topic == "benchmarks" and urn != ALL for topic, urn in pairs)

    @cached_property
    def codes(self) -> dict[str, list[str]]:
        """What each dimension holds besides its margin, in the order of the words."""
        return {column: self._codes_of(column) for column in self.dimensions}

    def _codes_of(self, column: str) -> list[str]:
        found = dict.fromkeys(self._columns[column])
        known = [code for code in self.labels.get(column, {}) if code in found]
        return [*known, *sorted(code for code in found if code != ALL and code not in known)]

    @cached_property
    def above(self) -> dict[str, str]:
        """The key stage that each year group lies in, as the cells say it."""
        if not {"key_stage", "year_group"} <= set(self.dimensions):
            return {}
        pairs = dict.fromkeys(
            zip(self._columns["year_group"], self._columns["key_stage"], strict=True)
        )
        return {year: stage for year, stage in pairs if year != ALL}

    @cached_property
    def characteristics(self) -> list[str]:
        """The columns that people are sliced by; the key stage before the year groups in it."""
        named = [str(name) for name in self.release.manifest["crossing"]["characteristics"]]
        if "year_group" in named:
            named.insert(named.index("year_group"), "key_stage")
        return [name for name in named if name in self.dimensions]

    def cell(self, row: int) -> dict[str, Any]:
        """Return one row of the released cells."""
        return {name: values[row] for name, values in self._columns.items()}

    # ---- figures

    def row_of(self, where: Mapping[str, str], measure: str = "count") -> int | None:
        """Find the cell; what ``where`` does not name is a margin.

        Raises
        ------
        DisclosureError
            If the release has two cells for it.
        """
        key = (*(where.get(name, ALL) for name in self.dimensions), measure)
        if key in self._doubled:
            raise self._refused(where, "two cells for one figure")
        return self._rows.get(key)

    def count(self, where: Mapping[str, str]) -> Number:
        """Return a count as released."""
        return self._figure(where, "count")

    def mean(self, where: Mapping[str, str]) -> Mean:
        """Return a mean as released, with the number it is the mean of."""
        return Mean(self._figure(where, "mean"), self._figure(where, "count"))

    def share(self, where: Mapping[str, str], **answer: str) -> Share:
        """Return how many of a group gave an answer; the percentage only where both are shown."""
        whole, part = self.count(where), self.count({**where, **answer})
        return Share(part, whole, self._percent(part, whole))

    def state(self, where: Mapping[str, str]) -> Number:
        """Return the state of a school's Benchmark: the one answer whose count is 1."""
        found = {answer: self.count({**where, "answer": answer}) for answer in STATES}
        ones = [answer for answer, number in found.items() if number.value == 1]
        if len(ones) > 1:
            raise self._refused(where, f"{quoted(ones)} at once")
        if ones:
            rank = float(STATES.index(ones[0]))
            return Number("state", ones[0], rank, found[ones[0]].cells)
        is_hidden = any(number.kind == "hidden" for number in found.values())
        return Number("hidden", HIDDEN) if is_hidden else _NOTHING

    def points(self, before: Share, after: Share) -> Number:
        """Return the change of a percentage in percentage points, from the four shown counts."""
        if not (before.percent.is_shown and after.percent.is_shown):
            missing = "none" if NONE in (before.text, after.text) else "hidden"
            if before.is_shown and after.is_shown:
                return _NO_PERCENT
            return Number("hidden", HIDDEN) if missing == "hidden" else _NOTHING
        first, last = before.percent.value or 0.0, after.percent.value or 0.0
        change = round(last - first, 9)
        return Number(
            "points", half_up(change, sign=True), change, before.percent.cells + after.percent.cells
        )

    def _figure(self, where: Mapping[str, str], measure: str) -> Number:
        row = self.row_of(where, measure)
        if row is None:
            return _NOTHING
        reason, value = self._columns["reason"][row], self._columns["value"][row]
        if reason == _HIDDEN:
            return Number("hidden", HIDDEN)
        if reason != _SHOWN:
            return Number("none", "nobody to count" if reason == "z" else NONE)
        if not isinstance(value, float | int) or value != value or value < 0:
            raise self._refused(where, "a shown figure that is no number from 0 up")
        if measure == "mean":
            return Number("mean", half_up(value, places=self._places), float(value), (row,))
        if value != int(value):
            raise self._refused(where, "a count that is not whole")
        return Number("count", f"{int(value):,}", float(value), (row,))

    def _percent(self, part: Number, whole: Number) -> Number:
        if part.value is None or whole.value is None:
            missing = [number for number in (part, whole) if not number.is_shown]
            return missing[0]
        if part.value > whole.value:
            raise DisclosureError(
                "report: more gave an answer than were asked.",
                found=f"rows {part.cells[0]} and {whole.cells[0]} of the release's cells",
                hint="build the release anew",
            )
        if whole.value < max(1, self._least):
            return _NO_PERCENT
        value = 100 * part.value / whole.value
        return Number("percent", f"{half_up(value)}%", value, part.cells + whole.cells)

    def _refused(self, where: Mapping[str, str], found: str) -> DisclosureError:
        place = ", ".join(f"{name} '{value}'" for name, value in where.items())
        return DisclosureError(
            f"report: the release cannot be read at {place}.",
            found=found,
            hint="build the release anew: careerbench release FOLDER -o NAME.release --force",
        )


def printable(said: str) -> str:
    r"""Return words on one line, with a code point for what is no letter and no file can hold.

    Examples
    --------
    >>> printable("Hill\nSchool \x07")
    'Hill School [U+0007]'
    """
    spelled = _NO_LETTER.sub(lambda found: f"[U+{ord(found[0]):04X}]", said)
    return " ".join(spelled.split())


def tally(numbers: Sequence[Number], state: str) -> Number:
    """Count the shown states that are this one."""
    cells = tuple(cell for number in numbers if number.text == state for cell in number.cells)
    return Number("tally", str(len(cells)), float(len(cells)), cells)
