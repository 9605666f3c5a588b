"""Who answered, where and when: the columns of survey rows that are no items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import careerbench.loaders.privacy as privacy
from careerbench.loaders import validate
from careerbench.loaders.convert import convert_columns
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.exports.likeness import plain
from careerbench.loaders.exports.mapping import ROW, SurveyMapping, load_mapping
from careerbench.loaders.headings import snake_case
from careerbench.loaders.privacy_key import StudyKey, find_study_key, require_study_key
from careerbench.loaders.privacy_upn import hash_upns, unsound_upns
from careerbench.loaders.schema import load_schema

if TYPE_CHECKING:
    import os
    from collections.abc import Collection

    import pandas as pd

    from careerbench.loaders.exports.model import Export
    from careerbench.loaders.exports.plan import Plan


@dataclass(frozen=True)
class MappedFile:
    """What to read and how: the options that the loaders hand on.

    Attributes
    ----------
    path : str or path
    mapping : SurveyMapping
    wave, sheet : str or None
    key : StudyKey or None
    keep_personal : collection of str
    on_problem : str
    """

    path: str | os.PathLike[str]
    mapping: SurveyMapping
    wave: str | None = None
    sheet: str | None = None
    key: StudyKey | None = None
    keep_personal: Collection[str] = ()
    on_problem: str = "raise"

    @classmethod
    def of(
        cls,
        path: str | os.PathLike[str],
        mapping: SurveyMapping | str | os.PathLike[str],
        **options: object,
    ) -> MappedFile:
        """Read the mapping and find the key."""
        if not isinstance(mapping, SurveyMapping):
            mapping = load_mapping(mapping)
        key = find_study_key(options.pop("key", None))  # type: ignore[arg-type]
        return cls(path, mapping, key=key, **options)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Opened:
    """A file whose columns are all accounted for."""

    export: Export
    plan: Plan
    frame: pd.DataFrame
    findings: validate.Findings


def describe(
    export: Export, plan: Plan, mapping: SurveyMapping, file: MappedFile, *, step: str
) -> Opened:
    """Make the columns that say who answered, where and when."""
    import numpy as np
    import pandas as pd

    schema = load_schema("survey")
    found = {name: export.frame[column] for name, column in plan.columns.items()}
    found |= {
        name: pd.Series(value, index=export.frame.index, dtype="str")
        for name, value in mapping.constants.items()
    }
    found |= {
        snake_case(name): export.frame[name] for name in file.keep_personal if name in export.frame
    }
    for name, values in mapping.recode.items():
        meant = {plain(said): value for said, value in values.items()}
        found[name] = (
            found[name]
            .map(lambda said, meant=meant: meant.get(plain(said), said), na_action="ignore")
            .astype("str")
        )
    n_rows = len(export.frame)
    headings = {name: privacy.show_heading(said) for name, said in plan.columns.items()}
    findings = validate.Findings(
        step, export.source.title, export.rows, np.zeros(n_rows, bool), headings, private=True
    )
    for said in export.warnings:
        findings.note_table("", said, "")
    export, found["respondent"] = _respondents(export, plan, file, findings)
    frame = convert_columns(pd.DataFrame(found), schema, findings)
    note_duplicates(frame, ["respondent", "wave"], findings, column="respondent")
    return Opened(export, plan, frame, findings)


def _respondents(
    export: Export, plan: Plan, file: MappedFile, findings: validate.Findings
) -> tuple[Export, pd.Series]:
    """Take the file's own numbers or number the responses; hash what says who somebody is."""
    import numpy as np
    import pandas as pd

    if file.mapping.columns.get("respondent") == ROW:
        said = "responses numbered: respondents cannot be followed from wave to wave"
        findings.note_table("respondent", said, "a column that names them in every wave")
        mark = export.source.sha256[:6]
        return export.decide(said), pd.Series([f"{mark}-{row}" for row in export.rows], dtype="str")
    column = plan.columns["respondent"]
    cells = export.frame[column]
    kind = next(each.kind for each in export.questions if each.column == column)
    if kind not in ("upn", "personal"):
        return export, cells
    shown = f"'{privacy.show_heading(column)}'"
    key = require_study_key(file.key, step=findings.step, file=findings.file, columns=shown)
    if key.open_to_others:
        findings.note_table(column, "the key file can be read by others", "chmod 600 on it")
    if kind == "upn":
        unsound = unsound_upns(cells, all_of_them=True) & cells.notna().to_numpy()
        hint = "a letter and twelve digits; the letter checks the rest"
        findings.note(np.flatnonzero(unsound), "respondent", "is no sound pupil number", hint)
        hashed = hash_upns(cells, key)
    else:
        hashed = cells.map(
            lambda who: key.hash(" ".join(str(who).casefold().split()), what="respondent"),
            na_action="ignore",
        ).astype("str")
    return export.decide(f"{shown} replaced by a hash with key {key.fingerprint}"), hashed
