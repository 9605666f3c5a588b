"""``Findings``: all that is wrong with a table, gathered while it is read, and told at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from careerbench.loaders.grid import uncoded
from careerbench.loaders.problems import (
    COLUMNS,
    NO_PROBLEMS,
    PROBLEMS,
    Problems,
    RowProblemsError,
    count,
)
from careerbench.loaders.read import SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.provenance import Source

ON_PROBLEM = ("raise", "quarantine")


@dataclass(frozen=True)
class Findings:
    """What was found in one table so far.

    Attributes
    ----------
    step, file : str
        The loader, and the file's name.
    rows : array of int
        The row of the file that each row of the table came from.
    bad : array of bool
        Rows with an error, which cannot be used.
    headings : mapping of str to str
        Column to the heading it has in the file.
    private : bool
        Whether messages must not show what a cell holds.
    cells : array of str, optional
        For tables that were wide: the heading each row's answer stood under.
    """

    step: str
    file: str
    rows: NDArray[np.int64]
    bad: NDArray[np.bool_]
    headings: Mapping[str, str]
    private: bool = False
    cells: NDArray[np.object_] | None = None
    found: list[dict[str, object]] = field(default_factory=list)

    def say(self, values: pd.Series, bad: pd.Series, what: str) -> list[str]:
        """Word one message for each bad value, showing it unless the table is private."""
        if self.private:
            return [f"the cell {what}"] * int(bad.sum())
        return [f"'{value}' {what}" for value in values[bad]]

    def errors(
        self,
        codes: NDArray[np.intp],
        bad: pd.Series,
        column: str,
        said: Sequence[str],
        hint: str | Sequence[str],
    ) -> None:
        """Note an error for every row whose value is among the bad ones.

        ``codes`` gives each row's value, ``bad`` marks values, and ``said`` (and ``hint``) has one
        text for each marked value, in order.
        """
        import numpy as np

        marked = bad.to_numpy(dtype=bool)
        if not marked.any():
            return
        at = np.flatnonzero(np.append(marked, False)[codes])
        place = (np.cumsum(marked) - 1)[codes[at]]
        hints = hint if isinstance(hint, str) else np.array(hint, object)[place]
        self.note(at, column, np.array(said, object)[place], hints)

    def note(
        self,
        at: NDArray[np.intp],
        column: str,
        problem: object,
        hint: object,
        *,
        severity: str = "error",
    ) -> None:
        """Note a problem for the rows at these places; texts are one for all or one for each."""
        if not len(at):
            return
        heading: object = self.headings.get(column, column)
        if self.cells is not None and column in {"item", "answer", "year_group"}:
            heading = self.cells[at]
        self._add(self.rows[at], heading, problem, hint, severity)
        if severity == "error":
            self.bad[at] = True

    def note_table(
        self,
        column: str,
        problem: str,
        hint: str,
        *,
        severity: str = "warning",
        at: NDArray[np.bool_] | None = None,
    ) -> None:
        """Note a problem of the whole table, or of a whole column whose rows stand at ``at``."""
        self._add([None], self.headings.get(column, column), problem, hint, severity)
        if at is not None and severity == "error":
            self.bad[at] = True

    def lengthen(self, n_items: int, cells: NDArray[np.object_]) -> Findings:
        """Go on with a table in which every row has become ``n_items`` rows."""
        import numpy as np

        rows, bad = np.repeat(self.rows, n_items), np.repeat(self.bad, n_items)
        return replace(self, rows=rows, bad=bad, cells=cells)

    def to_problems(self) -> Problems:
        """Put everything found into one record, in the order of the file."""
        import pandas as pd

        if not self.found:
            return Problems.empty()
        tables = [pd.DataFrame(each, columns=list(COLUMNS)) for each in self.found]
        kinds = dict.fromkeys(COLUMNS, "str") | {"row": "Int64"}
        table = pd.concat([each.astype(kinds) for each in tables], ignore_index=True)
        table = table.drop_duplicates().sort_values("row", kind="stable", na_position="first")
        return Problems(table.reset_index(drop=True))

    def _add(
        self, rows: object, heading: object, problem: object, hint: object, severity: str
    ) -> None:
        self.found.append(
            {
                "file": self.file,
                "row": rows,
                "column": heading,
                "severity": severity,
                "problem": problem,
                "hint": hint,
            }
        )


def settle(
    frame: pd.DataFrame, findings: Findings, source: Source, *, on_problem: str
) -> pd.DataFrame:
    """Refuse the table, or leave its bad rows out and say so; then sign it."""
    problems = findings.to_problems() if findings.found else None
    if problems is not None and problems.n_errors and on_problem == "raise":
        raise RowProblemsError(findings.step, problems)
    n_bad = int(findings.bad.sum())
    if n_bad:
        frame = frame[~findings.bad].reset_index(drop=True)
        left_out = f"{count(n_bad, 'row')} with errors left out, listed in problems_of(frame)"
        source = replace(source, decisions=(*source.decisions, left_out))
    frame = uncoded(frame)
    said = NO_PROBLEMS if problems is None else problems.to_json()
    frame.attrs = {SOURCE: source.to_json(), PROBLEMS: said}
    return frame


def note_dateless(frame: pd.DataFrame, column: str, findings: Findings) -> None:
    """Warn of rows without a date, or once where the file has no dates at all."""
    import numpy as np

    hint = "a day such as 2021-09-01, so that it can be placed in time"
    if column not in findings.headings:
        findings.note_table(column, f"the file has no {column}", hint)
        return
    dateless = np.flatnonzero(frame[column].isna().to_numpy() & ~findings.bad)
    findings.note(dateless, column, f"{column} is missing", hint, severity="warning")


def blank_reason(text: pd.Series) -> pd.Series:
    """Say ``blank`` where a text is missing, and nothing where it is there."""
    import pandas as pd

    if text.dtype == "category":
        places = text.isna().to_numpy().astype("int8") - 1
        return pd.Series(pd.Categorical.from_codes(places, pd.Index(["blank"], dtype="str")))
    words = pd.array([None, "blank"], dtype="str")
    return pd.Series(words.take(text.isna().to_numpy().astype("intp")), index=text.index)
