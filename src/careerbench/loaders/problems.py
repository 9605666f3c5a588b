"""``Problems``: all that is wrong with a table, row by row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError, TableProblemsError
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    import pandas as pd

PROBLEMS = "careerbench_problems"
COLUMNS = ("file", "row", "column", "severity", "problem", "hint")
_SHOWN = 5
NO_PROBLEMS = json.dumps({name: [] for name in COLUMNS})


@dataclass(frozen=True, eq=False)
class Problems(Result):
    """What is wrong with one or more tables.

    One row per problem: ``file`` (name), ``row`` (as a spreadsheet shows it, the headings usually
    being row 1; missing where it concerns the whole table), ``column`` (heading in the file),
    ``severity`` (``error`` or ``warning``), ``problem`` and ``hint``.
    """

    caption = "What is wrong with the tables"

    @property
    def n_errors(self) -> int:
        """How many problems keep a row from being used."""
        return int((self.table["severity"] == "error").sum())

    @property
    def n_warnings(self) -> int:
        """How many problems are worth a look."""
        return int((self.table["severity"] == "warning").sum())

    @property
    def notes(self) -> tuple[str, ...]:
        """Say how many there are, and what row numbers mean."""
        counts = f"{count(self.n_errors, 'error')}, {count(self.n_warnings, 'warning')}."
        return counts, "Rows are numbered as a spreadsheet shows them, headings included."

    @classmethod
    def empty(cls) -> Self:
        """Return a record of no problems."""
        return cls.of({name: [] for name in COLUMNS})

    @classmethod
    def of(cls, columns: dict[str, list[object]]) -> Self:
        """Build the record from lists, one per column."""
        import pandas as pd

        kinds = dict.fromkeys(COLUMNS, "str") | {"row": "Int64"}
        return cls(pd.DataFrame(columns, columns=list(COLUMNS), dtype=object).astype(kinds))

    @classmethod
    def join(cls, records: Iterable[Problems]) -> Self:
        """Put several records into one, in the order given."""
        import pandas as pd

        tables = [record.table for record in records]
        if not tables:
            return cls.empty()
        return cls(pd.concat(tables, ignore_index=True))

    def to_json(self) -> str:
        """Write the record as text that survives files and frame attributes."""
        if not len(self.table):
            return NO_PROBLEMS
        table = self.table.astype(object)
        columns = {name: table[name].where(table[name].notna(), None).tolist() for name in COLUMNS}
        return json.dumps(columns, ensure_ascii=False)

    @classmethod
    def from_json(cls, said: str) -> Self:
        """Read what ``to_json`` wrote."""
        return cls.of(json.loads(said))


class RowProblemsError(TableProblemsError):
    """Rows that cannot be used; ``problems`` is the record of every one."""

    def __init__(self, step: str, problems: Problems) -> None:
        self.step, self.problems = step, problems
        files = problems.table["file"].unique()
        counts = count(problems.n_errors, "error")
        if problems.n_warnings:
            counts += f" and {count(problems.n_warnings, 'warning')}"
        super().__init__(
            f"{step}: '{files[0]}' has {counts}.",
            found=_first_few(problems),
            hint='correct the file; or on_problem="quarantine" to go on without these rows, '
            "listed in problems_of(frame)",
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from its record, so that the error survives a trip between processes."""
        return type(self), (self.step, self.problems)


def problems_of(frame: pd.DataFrame) -> Problems:
    """Return what a loader found wrong with the table it read.

    Parameters
    ----------
    frame : DataFrame
        What a loader returned.

    Returns
    -------
    Problems
        One row per problem, warnings included; empty where there was none.

    Raises
    ------
    BadArgumentError
        If no loader has checked the frame, or a join lost what it said.
    """
    if PROBLEMS not in frame.attrs:
        raise BadArgumentError(
            "problems_of: the frame does not say what is wrong with it.",
            found=f"a frame of {len(frame)} rows",
            hint="a frame as a loader returned it, before joins",
        )
    return Problems.from_json(frame.attrs[PROBLEMS])


def _first_few(problems: Problems) -> str:
    errors = problems.table[problems.table["severity"] == "error"]
    lines = [_line(*values) for values in errors.head(_SHOWN).itertuples(index=False, name=None)]
    if len(errors) > _SHOWN:
        lines.append(f"and {len(errors) - _SHOWN} more: error.problems has them all")
    return "\n         ".join(lines)


def _line(_file: str, row: object, column: str, _severity: str, problem: str, hint: str) -> str:
    import pandas as pd

    where = f"column '{column}'" if pd.isna(row) else f"row {row}, column '{column}'"
    return f"{where}: {problem} (try: {hint})"


def count(number: int, word: str) -> str:
    """Write a number of things in words.

    Examples
    --------
    >>> count(1, "error"), count(1200, "row")
    ('1 error', '1,200 rows')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"
