"""What no table shows alone: waves that do not exist, schools nobody registered, late audits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import did_you_mean, quoted
from careerbench.loaders import Problems
from careerbench.panel import list_audits

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from careerbench.frameworks import Framework, SurveyScale
    from careerbench.panel import Wave
    from careerbench.study.config import StudyConfig

Row = dict[str, object]


def known_waves(
    tables: dict[str, pd.DataFrame], waves: Iterable[Wave]
) -> tuple[dict[str, pd.DataFrame], Problems]:
    """Set rows aside whose wave ``study.toml`` does not know; each such wave is an error."""
    ids = [wave.id for wave in waves]
    kept: dict[str, pd.DataFrame] = {}
    rows: list[Row] = []
    for file, table in tables.items():
        strange = table["wave"].notna() & ~table["wave"].isin(ids)
        kept[file] = table[~strange]
        for wave, n in table.loc[strange, "wave"].value_counts(sort=False).items():
            said = f"{n} rows name the wave '{wave}', which {_TOML} does not know"
            rows.append(_row(file, "wave", "error", said, did_you_mean(wave, ids)))
    return kept, _problems(rows)


def check_schools(tables: dict[str, pd.DataFrame], register: pd.DataFrame) -> Problems:
    """Warn of schools that have answers and stand in no register."""
    rows: list[Row] = []
    for file, table in tables.items():
        strange = sorted(set(table["school_urn"].dropna()) - set(register["school_urn"]))
        if strange:
            said = f"{len(strange)} schools are not in the register: {quoted(strange, limit=5)}"
            hint = "add them to the schools table, or their characteristics stay blank"
            rows.append(_row(file, "school_urn", "warning", said, hint))
    return _problems(rows)


def check_audits(
    file: str, audits: pd.DataFrame, config: StudyConfig, framework: Framework
) -> Problems:
    """Warn of audits outside their wave's window, schools without one, items nobody was asked."""
    return _problems(
        [
            *_late(file, audits, config),
            *_carried(file, audits),
            *_without(file, audits, config),
            *_unasked(file, audits, framework),
        ]
    )


def check_survey(file: str, responses: pd.DataFrame, scales: list[SurveyScale]) -> Problems:
    """Warn of survey items that no scale of the study uses."""
    known = {item for scale in scales for item in scale.item_ids}
    unused = sorted(set(responses["item"]) - known)
    if not unused:
        return Problems.empty()
    said = f"{len(unused)} columns belong to no scale and are not scored: {quoted(unused, limit=5)}"
    return _problems([_row(file, None, "warning", said, did_you_mean(unused[0], known))])


_TOML = "study.toml"


def _late(file: str, audits: pd.DataFrame, config: StudyConfig) -> Iterable[Row]:
    import pandas as pd

    sittings = audits[["school_urn", "wave", "audit_date"]].drop_duplicates().dropna()
    for wave in config.waves:
        mine = sittings[sittings["wave"] == wave.id]
        outside = ~mine["audit_date"].between(pd.Timestamp(wave.opens), pd.Timestamp(wave.closes))
        for school in mine[outside].itertuples():
            day = f"{school.audit_date:%Y-%m-%d}"
            said = f"school {school.school_urn}: audit of {day} lies outside wave '{wave.id}'"
            hint = f"{wave.opens} to {wave.closes}; it counts for the wave it names"
            yield _row(file, "audit_date", "warning", said, hint)


def _carried(file: str, audits: pd.DataFrame) -> Iterable[Row]:
    for audit in list_audits(audits).itertuples():
        where = f"school {audit.school_urn}: audit of {audit.audit_date:%Y-%m-%d}"
        if audit.copied:
            said = f"{where} has the same answers, item by item, as the one before"
            hint = "carried forward rather than asked again? Change since then says nothing"
            yield _row(file, "answer", "warning", said, hint)
        elif audit.soon:
            said = f"{where} comes {audit.days_since_previous} days after the one before"
            yield _row(file, "audit_date", "warning", said, "less than a month: one audit or two?")


def _without(file: str, audits: pd.DataFrame, config: StudyConfig) -> Iterable[Row]:
    everyone = set(audits["school_urn"])
    for wave in config.waves:
        missing = sorted(everyone - set(audits.loc[audits["wave"] == wave.id, "school_urn"]))
        if missing:
            said = f"{len(missing)} schools have no audit in wave '{wave.id}': "
            hint = "they leave matched comparisons with that wave, and are counted there"
            yield _row(file, "wave", "warning", said + quoted(missing, limit=10), hint)


def _unasked(file: str, audits: pd.DataFrame, framework: Framework) -> Iterable[Row]:
    unasked = [item for item in framework.items if item not in set(audits["item"])]
    if unasked:
        said = f"{len(unasked)} items of '{framework.id}' have no row: {quoted(unasked, limit=5)}"
        yield _row(file, "item", "warning", said, "they count as missing answers in every score")


def _row(file: str, column: str | None, severity: str, problem: str, hint: str) -> Row:
    return {
        "file": file, "row": None, "column": column, "severity": severity, "problem": problem,
        "hint": hint,
    }  # fmt: skip


def _problems(rows: list[Row]) -> Problems:
    names = ("file", "row", "column", "severity", "problem", "hint")
    return Problems.of({name: [row[name] for row in rows] for name in names})
