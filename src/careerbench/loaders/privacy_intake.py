"""A survey table without what says who somebody is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import careerbench.loaders.privacy as privacy
from careerbench.errors import quoted
from careerbench.loaders.exports.closed import kind_of_answers
from careerbench.loaders.privacy_key import StudyKey, require_study_key
from careerbench.loaders.privacy_upn import hash_upns, looks_like_upn, unsound_upns

if TYPE_CHECKING:
    from collections.abc import Collection

    from careerbench.loaders.intake import Intake

_LONG = ("item", "answer")


def without_private(intake: Intake, kept: Collection[str], key: StudyKey | None) -> Intake:
    """Drop personal columns and free text, and replace unique pupil numbers by a keyed hash."""
    step = intake.findings.step
    said = [*intake.findings.headings.values(), *intake.unknown]
    privacy.require_known(kept, said, step=step)
    unknown = intake.frame[list(intake.unknown)]
    found = privacy.find_personal(unknown)
    upns = [name for name, kind in found.items() if kind == privacy.UPN]
    if "respondent" not in intake.frame and len(upns) == 1:
        intake, upns = _name_respondent(intake, upns[0]), []
        del found[intake.findings.headings["respondent"]]
    dropped = {name: kind for name, kind in found.items() if name not in (*kept, *upns)}
    long = all(name in intake.frame for name in _LONG)
    free = [
        name
        for name in intake.unknown
        if not long
        and name not in (*found, *kept)
        and kind_of_answers(intake.frame[name], too_few="choice") == "text"
    ]
    _note_named_respondents(intake, kept)
    intake = _hash(intake, upns, key)
    if dropped:
        intake = intake.decide(privacy.say_dropped(dropped))
    if free:
        shown = quoted(map(privacy.show_heading, free))
        intake = intake.decide(f"free text kept apart: {shown}")
        hint = "load_free_text reads it; keep_personal keeps it; a mapping makes it an item"
        for name in free:
            heading = privacy.show_heading(name)
            intake.findings.note_table(heading, "looks like free text and is no item", hint)
    return _without(intake, [*dropped, *free])


def _note_named_respondents(intake: Intake, kept: Collection[str]) -> None:
    """Refuse respondents who are called by their e-mail address, unless that is asked for."""
    if "respondent" in intake.frame and intake.findings.headings["respondent"] not in kept:
        named = privacy.are_emails(intake.frame["respondent"]).to_numpy().nonzero()[0]
        hint = "a number or code for each respondent; or keep_personal names the column"
        said = "the respondent is an e-mail address"
        intake.findings.note(named, "respondent", said, hint)


def _name_respondent(intake: Intake, heading: str) -> Intake:
    """Let the only column of pupil numbers say who answered."""
    headings = {**intake.findings.headings, "respondent": heading}
    unknown = tuple(name for name in intake.unknown if name != heading)
    frame = intake.frame.rename(columns={heading: "respondent"})
    findings = replace(intake.findings, headings=headings)
    return replace(intake, frame=frame, findings=findings, unknown=unknown)


def _hash(intake: Intake, upns: list[str], key: StudyKey | None) -> Intake:
    """Check and replace pupil numbers, in the respondent's column cell by cell."""
    import numpy as np

    frame, findings = intake.frame, intake.findings
    columns = list(upns)
    meant = personal = False
    if "respondent" in frame:
        cells = frame["respondent"].dropna()
        meant = privacy.personal_by_heading(findings.headings["respondent"]) == privacy.UPN
        personal = meant or any(looks_like_upn(text) for text in cells.unique())
        columns += ["respondent"] if personal else []
    if not columns:
        return intake
    shown = quoted(privacy.show_heading(findings.headings.get(name, name)) for name in columns)
    key = require_study_key(key, step=findings.step, file=findings.file, columns=shown)
    if key.open_to_others:
        findings.note_table("respondent", "the key file can be read by others", "chmod 600 on it")
    if personal:
        bad = unsound_upns(frame["respondent"], all_of_them=meant)
        hint = "a letter and twelve digits; the letter checks the rest"
        at = np.flatnonzero(bad & frame["respondent"].notna().to_numpy())
        findings.note(at, "respondent", "the cell is not a sound unique pupil number", hint)
    hashed = {name: hash_upns(frame[name], key) for name in columns}
    replaced = replace(intake, frame=frame.assign(**hashed))
    kept_apart = _without(replaced, upns)
    said = f"unique pupil numbers in {shown} replaced with key {key.fingerprint}"
    if not upns:
        return replaced.decide(said)
    numbered = {
        f"upn_hash{'' if at == 0 else at + 1}": hashed[name] for at, name in enumerate(upns)
    }
    return replace(kept_apart, frame=kept_apart.frame.assign(**numbered)).decide(said)


def _without(intake: Intake, names: list[str]) -> Intake:
    unknown = tuple(name for name in intake.unknown if name not in names)
    return replace(intake, frame=intake.frame.drop(columns=names), unknown=unknown)
