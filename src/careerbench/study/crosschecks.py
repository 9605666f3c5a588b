"""What no table shows alone: waves that do not exist, schools nobody registered, late audits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import counted, did_you_mean, quoted
from careerbench.frameworks.words import folded
from careerbench.loaders import Problems
from careerbench.panel import list_audits
from careerbench.study.plan import CHARACTERISTICS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from careerbench.frameworks import Framework, SurveyScale
    from careerbench.panel import Wave
    from careerbench.study.config import StudyConfig
    from careerbench.study.plan import ReleasePlan

Row = dict[str, object]
NOT_TRAITS = {"respondent", "reported_urn", "school_urn", "wave", "item", "answer",
              "answer_reason", *LEVELS}  # fmt: skip


def known_waves(
    tables: dict[str, pd.DataFrame], waves: Iterable[Wave]
) -> tuple[dict[str, pd.DataFrame], Problems]:
    """Call waves by their ids; set rows aside whose wave ``study.toml`` does not know."""
    known = {folded(name): wave.id for wave in waves for name in (wave.title, wave.id)}
    kept: dict[str, pd.DataFrame] = {}
    rows: list[Row] = []
    for file, table in tables.items():
        if "wave" not in table:  # an activity log may know days only
            kept[file] = table
            continue
        ids = table["wave"].map({said: known.get(folded(said)) for said in set(table["wave"])})
        strange = table["wave"].notna() & ids.isna()
        kept[file] = table.assign(wave=ids.astype("str"))[~strange]
        for wave, n in table.loc[strange, "wave"].value_counts(sort=False).items():
            verb = "names" if n == 1 else "name"
            said = f"{counted(n, 'row')} {verb} the wave '{wave}', which {_TOML} does not know"
            hint = did_you_mean(wave, [wave.id for wave in waves])
            rows.append(_row(file, "wave", "error", said, hint))
    return kept, _problems(rows)


def known_answers(
    file: str, responses: pd.DataFrame, scale: SurveyScale
) -> tuple[pd.DataFrame, Problems]:
    """Set answers aside that are not on their scale; the report counts them and shows none."""
    mine = responses["item"].isin(scale.item_ids) & responses["answer"].notna()
    said = responses.loc[mine, "answer"]
    known = {answer for answer in set(said) if folded(answer) in scale.lookup}
    strange = mine & ~responses["answer"].isin(known)
    rows = [
        _row(
            file,
            str(item),
            "error",
            f"{counted(n, 'answer')} not on the scale '{scale.id}'",
            f"answers {quoted(scale.labels.values())}, or their codes {quoted(scale.labels)}",
        )
        for item, n in responses.loc[strange, "item"].value_counts(sort=False).items()
    ]
    return responses[~strange] if rows else responses, _problems(rows)


def check_schools(tables: dict[str, pd.DataFrame], register: pd.DataFrame) -> Problems:
    """Warn of schools that have answers and stand in no register."""
    rows: list[Row] = []
    for file, table in tables.items():
        strange = sorted(set(table["school_urn"].dropna()) - set(register["school_urn"]))
        if strange:
            verb = "is" if len(strange) == 1 else "are"
            n = counted(len(strange), "school")
            said = f"{n} {verb} not in the register: {quoted(strange, limit=5)}"
            hint = "add them to the schools table, or their characteristics stay blank"
            rows.append(_row(file, "school_urn", "warning", said, hint))
    return _problems(rows)


def check_release(plan: ReleasePlan, tables: Iterable[pd.DataFrame]) -> Problems:
    """Refuse characteristics that ``[release]`` names and no survey has."""
    known = {name for table in tables for name in table.columns} - NOT_TRAITS
    named = [] if plan.characteristics == CHARACTERISTICS else plan.characteristics
    rows = [
        _row(
            _TOML,
            "release",
            "error",
            f"no survey has the characteristic '{name}'",
            did_you_mean(name, sorted(known)),
        )
        for name in named
        if name not in known
    ]
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
    """Warn of survey items that no scale of the study uses, and of items that have no column."""
    known = {item for scale in scales for item in scale.item_ids}
    present = set(responses["item"])
    unused = sorted(present - known)
    rows: list[Row] = []
    if unused:
        verb = "belongs" if len(unused) == 1 else "belong"
        said = f"{counted(len(unused), 'column')} {verb} to no scale, not scored: {quoted(unused)}"
        rows.append(_row(file, None, "warning", said, did_you_mean(unused[0], known)))
    for scale in scales:
        absent = [item for item in scale.item_ids if item not in present]
        if absent:
            said = f"no column for {quoted(absent)} of the scale '{scale.id}'"
            hint = f"scored without them; {did_you_mean(absent[0], unused or ['nothing'])}"
            rows.append(_row(file, absent[0], "warning", said, hint))
    return _problems(rows)


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
            verb = "has" if len(missing) == 1 else "have"
            said = f"{counted(len(missing), 'school')} {verb} no audit in wave '{wave.id}': "
            hint = "they leave matched comparisons with that wave, and are counted there"
            yield _row(file, "wave", "warning", said + quoted(missing, limit=10), hint)


def _unasked(file: str, audits: pd.DataFrame, framework: Framework) -> Iterable[Row]:
    unasked = [item for item in framework.items if item not in set(audits["item"])]
    if unasked:
        said = f"no row for {counted(len(unasked), 'item')} of '{framework.id}': {quoted(unasked)}"
        yield _row(file, "item", "warning", said, "they count as missing answers in every score")


def _row(file: str, column: str | None, severity: str, problem: str, hint: str) -> Row:
    return {
        "file": file, "row": None, "column": column, "severity": severity, "problem": problem,
        "hint": hint,
    }  # fmt: skip


def _problems(rows: list[Row]) -> Problems:
    names = ("file", "row", "column", "severity", "problem", "hint")
    return Problems.of({name: [row[name] for row in rows] for name in names})
