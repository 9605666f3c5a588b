"""The made-up audits and the activity log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from careerbench.study.sample.chance import Chance, logistic
from careerbench.study.sample.schools import Recipe, Row, School, urn_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from careerbench.frameworks import Framework, Item


def audit_rows(schools: list[School], framework: Framework, recipe: Recipe, seed: int) -> list[Row]:
    """Write the audits: one row per school, wave, item and (where asked) year group."""
    chance = Chance(seed, "audits")
    quirks = _quirks(schools, recipe, chance)
    rows: list[Row] = []
    for place, wave in enumerate(recipe["wave"]):
        for school in schools:
            if (wave["id"], school.urn) in quirks["without"]:
                continue
            for day, ease in _sittings(school, wave, quirks, chance):
                level = recipe["audits"]["trend"][place] + ease
                rows += _one_audit(school, wave["id"], day, level, framework, recipe, chance)
    return rows


def activity_rows(schools: list[School], recipe: Recipe, seed: int) -> list[Row]:
    """Write the activity log: one row per activity and year group."""
    chance = Chance(seed, "activities")
    rows: list[Row] = []
    for place, wave in enumerate(recipe["wave"]):
        for school in schools:
            n = max(0, recipe["activities"]["per_wave"][place] + round(school.readiness))
            rows += [_activity(school, wave, recipe, chance) for _ in range(n)]
    return rows


def _quirks(schools: list[School], recipe: Recipe, chance: Chance) -> dict[str, set]:
    settings = recipe["audits"]
    steady = [school.urn for school in schools[recipe["succession"]["place"] :]]
    without = {
        (wave, urn) for wave, n in settings["n_without"].items() for urn in chance.some(steady, n)
    }
    waves = [wave["id"] for wave in recipe["wave"]]
    late = {(chance.one_of(waves), urn) for urn in chance.some(steady, settings["n_late"])}
    twice = {(chance.one_of(waves), urn) for urn in chance.some(steady, settings["n_twice"])}
    return {"without": without, "late": late - without, "twice": twice - without}


def _sittings(
    school: School, wave: Recipe, quirks: dict[str, set], chance: Chance
) -> Iterator[tuple[date, float]]:
    """Yield the day of each audit in a wave, and how much better it came out than the first."""
    span = (wave["closes"] - wave["opens"]).days
    first = wave["opens"] + timedelta(days=int(span * 0.8 * chance.share()))
    if (wave["id"], school.urn) in quirks["late"]:
        yield wave["closes"] + timedelta(days=chance.whole(5, 40)), 0.0
        return
    yield first, 0.0
    if (wave["id"], school.urn) in quirks["twice"]:
        yield first + timedelta(days=chance.whole(7, 18)), 0.4


def _one_audit(
    school: School,
    wave: str,
    day: date,
    level: float,
    framework: Framework,
    recipe: Recipe,
    chance: Chance,
) -> list[Row]:
    rows: list[Row] = []
    for benchmark in framework.benchmarks:
        ease = recipe["audits"]["benchmarks"][benchmark.id] + 0.5 * chance.bell()
        for item in benchmark.items:
            for year in school.year_groups if item.by_year_group else ("",):
                log_odds = level + ease + recipe["audits"]["spread"] * school.readiness
                lift = 1.6 if item.by_year_group else 0.0
                rows.append(
                    {
                        "school_urn": urn_at(school, wave, recipe),
                        "wave": wave,
                        "audit_date": day,
                        "item": item.id,
                        "year_group": year,
                        "answer": _answer(item, framework, log_odds + lift, recipe, chance),
                    }
                )
    return rows


def _answer(
    item: Item, framework: Framework, log_odds: float, recipe: Recipe, chance: Chance
) -> str:
    scale = framework.scales[item.scale]
    if chance.happens(recipe["audits"]["blank"]):
        return ""
    if chance.happens(recipe["audits"]["dont_know"]):
        return scale.missing[0]
    lower = [code for code in scale.answers if code not in item.meets]
    if chance.happens(logistic(log_odds)):
        return item.meets[-1]
    return lower[min(len(lower) - 1, int(len(lower) * logistic(log_odds + chance.bell()) * 1.2))]


def _activity(school: School, wave: Recipe, recipe: Recipe, chance: Chance) -> Row:
    kind = chance.one_of(recipe["activities"]["kinds"])
    day = wave["opens"] + timedelta(days=chance.whole(0, (wave["closes"] - wave["opens"]).days))
    per_year = max(8, round(school.n_pupils / len(school.year_groups)))
    return {
        "school_urn": urn_at(school, wave["id"], recipe),
        "wave": wave["id"],
        "activity_date": day,
        "year_group": chance.one_of(school.year_groups),
        "activity": kind["name"],
        "benchmark": kind["benchmark"],
        "n_pupils": chance.whole(8, per_year) if chance.happens(0.95) else "",
        "hours": kind["hours"],
    }
