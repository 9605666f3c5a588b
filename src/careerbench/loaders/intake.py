"""The first step of every loader: open, match headings, lay blank rows aside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from careerbench import checks
from careerbench.errors import BadArgumentError, MissingColumnsError, ReadError, quoted
from careerbench.loaders.grid import uncoded
from careerbench.loaders.headings import (
    automatic_name,
    match_headings,
    name_unknown,
    require_headings,
)
from careerbench.loaders.problems import count
from careerbench.loaders.read import ReadOptions, read_grid
from careerbench.loaders.schema import load_schema
from careerbench.loaders.validate import ON_PROBLEM, Findings

if TYPE_CHECKING:
    import os

    import pandas as pd

    from careerbench.loaders.schema import TableSchema
    from careerbench.provenance import Source


@dataclass(frozen=True)
class Intake:
    """A table of text under the schema's names, and what is known about it.

    Attributes
    ----------
    frame : DataFrame
        Known columns under their names, the others under the file's headings.
    schema : TableSchema
    findings : Findings
    source : Source
    unknown : tuple of str
        Headings that the schema does not know.
    """

    frame: pd.DataFrame
    schema: TableSchema
    findings: Findings
    source: Source
    unknown: tuple[str, ...]

    def decide(self, said: str) -> Intake:
        """Write a decision down."""
        decisions = (*self.source.decisions, said)
        return replace(self, source=replace(self.source, decisions=decisions))

    def require(self, *names: str) -> None:
        """Refuse the table if it lacks one of these columns."""
        headings = self.findings.headings
        matched = {headings[name]: name for name in headings}
        said = [*matched, *self.unknown]
        require_headings(
            names, said, matched, self.schema, step=self.findings.step, file=self.findings.file
        )


def open_table(
    path: str | os.PathLike[str],
    table: str,
    *,
    step: str,
    on_problem: str,
    sheet: str | None = None,
    member: str | None = None,
    private: bool = False,
    coded: bool = False,
) -> Intake:
    """Open a file as one of the tables in ``schemas/``.

    ``coded`` leaves columns that came with codes as categories; ``settle`` writes them out.
    """
    import numpy as np

    checks.require_one_of(on_problem, ON_PROBLEM, name="on_problem", step=step)
    schema = load_schema(table)
    grid, source = read_grid(path, ReadOptions(sheet=sheet, member=member, trim=True))
    file = source.title
    if grid.repeated:
        raise ReadError(
            f"{step}: '{file}' has more than one column headed {quoted(grid.repeated)}.",
            found=f"{len(grid.frame.columns)} columns",
            hint="give each column a heading of its own",
        )
    matched = match_headings(grid.frame.columns, schema, step=step, file=file)
    frame, blank = _without_blank_rows(grid.frame if coded else uncoded(grid.frame))
    if not len(frame):
        raise ReadError(
            f"{step}: '{file}' holds headings and no rows.", found="0 rows", hint="the whole file"
        )
    rows = np.arange(len(frame), dtype=np.int64) if not blank else frame.index.to_numpy(np.int64)
    rows = np.add(rows, grid.header_row + 1, out=rows if not blank else None)
    headings = {name: heading for heading, name in matched.items()}
    findings = Findings(step, file, rows, np.zeros(len(rows), bool), headings, private)
    unknown = tuple(name for name in frame.columns if name not in matched)
    names = [matched.get(heading, heading) for heading in frame.columns]
    renamed = frame.set_axis(names, axis=1)
    if blank:
        renamed = renamed.reset_index(drop=True)
    intake = Intake(renamed, schema, findings, source, unknown)
    return (
        intake.decide(f"{count(blank, 'blank row')} between others passed over")
        if blank
        else intake
    )


def with_wave(intake: Intake, wave: str | None) -> Intake:
    """Fill the wave in for a file that holds one wave and does not say which."""
    step, file = intake.findings.step, intake.findings.file
    if wave is None:
        if "wave" not in intake.frame:
            _refuse_without_wave(intake)
        return intake
    if "wave" in intake.frame:
        raise BadArgumentError(
            f"{step}: '{file}' says itself which wave each row belongs to.",
            found=f"a column '{intake.findings.headings['wave']}' and wave='{wave}'",
            hint="leave wave= out",
        )
    if not str(wave).strip():
        raise BadArgumentError(f"{step}: wave is blank.", found=repr(wave), hint='wave="Baseline"')
    filled = replace(intake, frame=intake.frame.assign(wave=str(wave).strip()))
    return filled.decide(f"wave '{str(wave).strip()}', as asked")


def keep_unknown(intake: Intake) -> Intake:
    """Name the columns that the schema does not know in snake_case."""
    headings = dict(intake.findings.headings)
    matched = {heading: name for name, heading in headings.items()}
    columns = [*matched, *intake.unknown]
    named = name_unknown(columns, matched, intake.schema)
    findings = replace(
        intake.findings, headings=headings | {name: said for said, name in named.items()}
    )
    names = [named.get(heading, heading) for heading in intake.frame.columns]
    frame = intake.frame.set_axis(names, axis=1)
    renamed = replace(intake, frame=frame, findings=findings, unknown=())
    for heading, name in named.items():
        if name != automatic_name(heading, intake.schema):
            renamed = renamed.decide(f"column '{heading}' kept as {name}: its name was taken")
    return renamed


def _refuse_without_wave(intake: Intake) -> None:
    try:
        intake.require("wave")
    except MissingColumnsError as error:
        hint = f'{error.hint}; or wave="Baseline" for a file that holds one wave'
        raise MissingColumnsError(error.problem, found=error.found, hint=hint) from None


def _without_blank_rows(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    if not len(frame) or not frame.iloc[:, 0].isna().any():
        return frame, 0
    blank = frame.isna().all(axis=1)
    n_blank = int(blank.sum())
    return (frame[~blank], n_blank) if n_blank else (frame, 0)
