"""The notes of a pack: policy, edition, stamp, symbols, and what the figures do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.report.packs.model import Section, Stamp

if TYPE_CHECKING:
    from careerbench.report.packs.source import Source

WHY_HIDDEN = (
    "It must not be read as 0. A figure is hidden because few people or schools are behind it, or "
    "because it would give another hidden figure away; which of the two is not told."
)
SYMBOLS = (
    ("[c]", f"Hidden. {WHY_HIDDEN}"),
    ("[x]", "No result: nobody was asked, nothing was answered, or there is no audit."),
    ("[u]", "No percentage, because the number it would be a percentage of is too small."),
    ("[z]", "Nobody there to be counted."),
)  # fmt: skip
"""The shorthand of workbooks, and what it means."""


def stamp_of(source: Source, version: str) -> Stamp:
    """Say from what a pack is made."""
    said = source.release.manifest
    edition = said["framework"]
    provisional = (
        ", provisional: not known well enough to be cited" if edition["provisional"] else ""
    )
    return Stamp(
        fingerprint=source.release.fingerprint or "none: the release is not saved",
        version=f"careerbench {version}",
        policy=f"{said['policy']['id']}: {said['policy']['title']}",
        edition=f"{edition['title']} ({edition['id']}{provisional})",
    )


def notes_section(source: Source, made: Stamp) -> Section:
    """Write the notes."""
    said = source.release.manifest
    about = [str(said["about"])] if said.get("about") else []
    least = said["policy"]["percentages"]["least"]
    words = (
        *about,
        f"Framework: {made.edition}.",
        *source.release.notes,
        f"Percentages are whole numbers, halves up, and stand only where both counts are shown "
        f"and at least {least} answered. Means are as released.",
        f"Where it says hidden: {WHY_HIDDEN}",
        "What this does not show: schools audit themselves, so the states say what schools "
        "report. Answers are of those who answered. Nothing here shows what caused a change, "
        "and there is no comparison group.",
        f"Data: release with the fingerprint {made.fingerprint}. Software: {made.version}. "
        f"Policy: {made.policy}.",
    )
    return Section("Notes", (), words)
