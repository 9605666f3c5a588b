"""Which kinds of activity count as which encounter, and for which Benchmark, kept as TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.errors import BadArgumentError
from careerbench.frameworks.faults import Faults
from careerbench.frameworks.files import read_toml
from careerbench.frameworks.words import folded

if TYPE_CHECKING:
    from careerbench.frameworks import Benchmark, Framework

NEEDS = ("each_year_group", "any_year_group")
_KEYS = {"provisional", "notes", "encounter"}
_ENCOUNTER_KEYS = {"id", "title", "kinds", "evidence"}
_EVIDENCE_KEYS = {"family", "number", "needs", "settings"}


@dataclass(frozen=True)
class Evidence:
    """A Benchmark that an encounter is evidence for, by family and number, and what it needs.

    ``settings`` are the kinds of setting that it speaks of; empty: all.
    """

    family: str
    number: int
    needs: str
    settings: tuple[str, ...] = ()

    def speaks_of(self, framework: Framework) -> bool:
        """Say whether a framework has such a Benchmark."""
        return (
            self.family == framework.family
            and self.number <= len(framework.benchmarks)
            and (not self.settings or framework.setting in self.settings)
        )


@dataclass(frozen=True)
class Encounter:
    """A kind of encounter and the kinds of activity that count as one, as people write them."""

    id: str
    title: str
    kinds: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()

    def benchmark_of(self, framework: Framework) -> tuple[Benchmark, str] | None:
        """Find the Benchmark it is evidence for, and what that needs; None where there is none."""
        for one in self.evidence:
            if one.speaks_of(framework):
                return framework.benchmarks[one.number - 1], one.needs
        return None


@dataclass(frozen=True)
class EncounterRules:
    """All kinds of encounter; each kind of activity counts as one of them at most."""

    encounters: tuple[Encounter, ...]
    provisional: bool = False
    notes: tuple[str, ...] = ()

    @property
    def lookup(self) -> dict[str, int]:
        """Each kind of activity, folded, to the number of its encounter."""
        return {
            folded(kind): number
            for number, encounter in enumerate(self.encounters)
            for kind in encounter.kinds
        }


def load_encounter_rules(path: str | Path | None = None) -> EncounterRules:
    """Load the rules that come with careerbench, or a file of your own.

    Raises
    ------
    FrameworkError
        If the file is not sound: every fault is listed.

    Examples
    --------
    >>> [encounter.id for encounter in load_encounter_rules().encounters]
    ['employer', 'workplace', 'education']
    """
    if path is None:
        shipped = files("careerbench.scoring") / "data" / "encounters.toml"
        return _parsed(tomllib.loads(shipped.read_text(encoding="utf-8")), shipped.name)
    if not isinstance(path, str | Path):
        raise BadArgumentError(
            "load_encounter_rules: rules must be the path of a TOML file.",
            found=type(path).__name__,
            hint="rules='my_encounters.toml'",
        )
    return _parsed(read_toml(Path(path)), Path(path).name)


def _parsed(toml: Any, name: str) -> EncounterRules:
    faults = Faults()
    faults.known(toml, _KEYS, "the file")
    encounters = tuple(_encounter(part, faults) for part in faults.parts(toml, "encounter"))
    if not encounters:
        faults.add("", "there is no [[encounter]]")
    kinds = [folded(kind) for encounter in encounters for kind in encounter.kinds]
    for twice in dict.fromkeys(kind for kind in kinds if kinds.count(kind) > 1):
        faults.add("", f"the kind '{twice}' stands in the file twice")
    rules = EncounterRules(
        encounters,
        provisional=faults.flag(toml, "provisional", "the file"),
        notes=faults.texts(toml, "notes", "the file"),
    )
    faults.raise_any(
        "load_encounter_rules", name, "file of encounters",
        "mend these; scoring/data/encounters.toml in the package shows a sound one",
    )  # fmt: skip
    return rules


def _encounter(said: Any, faults: Faults) -> Encounter:
    where = f"encounter '{said.get('id', '?')}'"
    faults.known(said, _ENCOUNTER_KEYS, where)
    kinds = faults.texts(said, "kinds", where)
    if not kinds:
        faults.add(where, "kinds is missing: the activities that count, as people write them")
    return Encounter(
        faults.id(said, where),
        faults.text(said, "title", where),
        kinds,
        tuple(_evidence(part, where, faults) for part in faults.parts(said, "evidence")),
    )


def _evidence(said: Any, where: str, faults: Faults) -> Evidence:
    faults.known(said, _EVIDENCE_KEYS, where)
    number, needs = said.get("number"), said.get("needs")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        faults.add(where, f"number = {number!r} must be a Benchmark's number, from 1")
        number = 1
    if needs not in NEEDS:
        faults.add(where, f"needs = {needs!r} must be one of {', '.join(NEEDS)}")
    settings = faults.texts(said, "settings", where)
    return Evidence(faults.text(said, "family", where), number, str(needs), settings)
