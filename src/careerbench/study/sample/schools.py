"""The made-up schools: a register, who changed number, and how ready each one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from careerbench.study.sample.chance import Chance

Recipe = Mapping[str, Any]
Row = dict[str, object]

_AGES = {"Primary": (4, 11), "First": (4, 9), "Middle deemed primary": (9, 13)}
_YEARS = {
    "Primary": ("R", "1", "2", "3", "4", "5", "6"),
    "First": ("R", "1", "2", "3", "4"),
    "Middle deemed primary": ("5", "6"),
}


@dataclass(frozen=True)
class School:
    """One made-up school; ``readiness`` is what its answers hang on."""

    urn: str
    name: str
    la_name: str
    la_code: str
    kind: str
    n_pupils: int
    percentage_fsm: float
    rural: bool
    readiness: float

    @property
    def year_groups(self) -> tuple[str, ...]:
        """Year groups from R to 6 that the school teaches."""
        return _YEARS[self.kind]


def make_schools(recipe: Recipe, seed: int) -> list[School]:
    """Make the schools, authority by authority."""
    chance = Chance(seed, "schools")
    first, second = recipe["names"]["first"], recipe["names"]["second"]
    names = [f"{one} {two}" for two in second for one in first]
    schools: list[School] = []
    for authority in recipe["authority"]:
        for place in range(authority["n_schools"]):
            urn = str(recipe["first_urn"] + len(schools))
            kind = _kind(authority, place)
            schools.append(_school(urn, names[len(schools)], authority, kind, chance))
    return schools


def register_rows(schools: list[School], recipe: Recipe) -> list[Row]:
    """Write the register: one row per number, the succeeding academy included."""
    change = recipe["succession"]
    leaver = schools[change["place"] - 1]
    rows = [_register_row(school, recipe) for school in schools]
    rows[change["place"] - 1] |= {"school_status": "Closed", "close_date": change["changed"]}
    heir = _register_row(leaver, recipe) | {
        "school_urn": change["new_urn"],
        "school_laestab": f"{leaver.la_code}{2000 + len(schools) + 1}",
        "school_type": "Academy converter",
        "open_date": change["changed"],
    }
    return [*rows, heir]


def link_rows(schools: list[School], recipe: Recipe) -> list[Row]:
    """Write the links between the old and the new number, both ways as the register does."""
    change = recipe["succession"]
    leaver = schools[change["place"] - 1]
    both = [
        (leaver.urn, change["new_urn"], "Successor"),
        (change["new_urn"], leaver.urn, "Predecessor"),
    ]
    return [
        {
            "URN": old,
            "LinkURN": new,
            "LinkName": _name(leaver),
            "LinkType": kind,
            "LinkEstablishedDate": change["changed"].strftime("%d-%m-%Y"),
        }
        for old, new, kind in both
    ]


def urn_at(school: School, wave: str, recipe: Recipe) -> str:
    """Return the number a school goes by at a wave."""
    change = recipe["succession"]
    closes = {part["id"]: part["closes"] for part in recipe["wave"]}[wave]
    is_leaver = school.urn == str(recipe["first_urn"] + change["place"] - 1)
    return change["new_urn"] if is_leaver and closes >= change["changed"] else school.urn


def _kind(authority: Mapping[str, Any], place: int) -> str:
    if place < authority.get("n_first", 0):
        return "First"
    if place < authority.get("n_first", 0) + authority.get("n_middle", 0):
        return "Middle deemed primary"
    return "Primary"


def _school(urn: str, name: str, authority: Mapping[str, Any], kind: str, chance: Chance) -> School:
    rural = chance.happens(authority.get("rural_share", 0.1))
    return School(
        urn=urn,
        name=name,
        la_name=authority["name"],
        la_code=authority["code"],
        kind=kind,
        n_pupils=chance.whole(60, 200) if rural else chance.whole(150, 450),
        percentage_fsm=round(3 + 50 * chance.share() * chance.share(), 1),
        rural=rural,
        readiness=chance.bell(),
    )


def _register_row(school: School, recipe: Recipe) -> Row:
    low, high = _AGES[school.kind]
    place = int(school.urn) - recipe["first_urn"] + 1
    middle = school.kind.startswith("Middle")
    return {
        "school_urn": school.urn,
        "school_laestab": f"{school.la_code}{2000 + place}",
        "old_la_code": school.la_code,
        "la_name": school.la_name,
        "region_name": recipe["region"],
        "school_name": _name(school),
        "school_type": "Community school",
        "school_status": "Open",
        "open_date": "",
        "close_date": "",
        "phase": school.kind if middle else "Primary",
        "statutory_low_age": low,
        "statutory_high_age": high,
        "number_of_pupils": school.n_pupils,
        "percentage_fsm": school.percentage_fsm,
        "urban_rural": "Rural" if school.rural else "Urban",
    }


def _name(school: School) -> str:
    kind = {"First": "First School", "Primary": "Primary School"}.get(school.kind, "Middle School")
    return f"{school.name} {kind}"
