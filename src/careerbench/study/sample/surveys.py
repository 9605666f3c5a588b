"""The made-up people: pupils who move up a year, teachers, Careers Leaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.study.sample.chance import Chance, logistic
from careerbench.study.sample.schools import Recipe, Row, School, urn_at

if TYPE_CHECKING:
    from careerbench.frameworks import SurveyItem, SurveyScale

_YEARS = ("-1", "R", "1", "2", "3", "4", "5", "6", "7")


def pupil_rows(schools: list[School], scale: SurveyScale, recipe: Recipe, seed: int) -> list[Row]:
    """Write the pupil survey, wide: one row per pupil and wave; pupils move up before Year 2."""
    chance = Chance(seed, "pupils")
    settings = recipe["pupils"]
    rows: list[Row] = []
    n_pupils = 0
    for school in schools:
        for year in _cohorts(school):
            for _ in range(max(3, settings["per_year_group"] + round(2 * chance.bell()))):
                n_pupils += 1
                pupil = f"pu{n_pupils:05d}"
                traits: Row = {
                    "sex": chance.one_of(("F", "M")),
                    "fsm": "yes" if chance.happens(school.percentage_fsm / 100) else "no",
                }
                rows += _pupil(pupil, school, year, traits, scale, recipe, chance)
    return sorted(rows, key=lambda row: (_wave_place(row, recipe), str(row["respondent"])))


def teacher_rows(schools: list[School], scale: SurveyScale, recipe: Recipe, seed: int) -> list[Row]:
    """Write the teacher survey, wide: one row per teacher and wave."""
    chance = Chance(seed, "teachers")
    settings = recipe["teachers"]
    rows: list[Row] = []
    for place, wave in enumerate(recipe["wave"]):
        for school in schools:
            for number in range(settings["per_school"]):
                if not chance.happens(settings["response"][place]):
                    continue
                level = settings["trend"][place] + 0.08 * school.readiness + 0.1 * chance.bell()
                row: Row = {
                    "respondent": f"te{school.urn[-3:]}{number}",
                    "school_urn": urn_at(school, wave["id"], recipe),
                    "wave": wave["id"],
                    "year_group": school.year_groups[number % len(school.year_groups)],
                }
                for item in scale.items:
                    row[item.id] = _graded(item, scale, level, settings["dont_know"], chance)
                rows.append(row)
    return rows


def careers_leader_rows(
    schools: list[School], scale: SurveyScale, recipe: Recipe, seed: int
) -> list[Row]:
    """Write the Careers Leader survey, wide: shares that are published are met by quota."""
    chance = Chance(seed, "careers leaders")
    settings = recipe["careers_leaders"]
    rows: list[Row] = []
    for place, wave in enumerate(recipe["wave"]):
        n = round(settings["response"][place] * len(schools))
        answering = chance.some(schools, n)
        wave_rows: list[Row] = [
            {
                "respondent": f"cl{school.urn[-3:]}",
                "school_urn": urn_at(school, wave["id"], recipe),
                "wave": wave["id"],
                "role": "Careers Leader",
            }
            for school in answering
        ]
        for item in scale.items:
            good = _best(answering, settings["good"][item.id][place], chance)
            for row, is_good in zip(wave_rows, good, strict=True):
                row[item.id] = chance.one_of(("4", "5") if is_good else ("1", "2", "3", "3"))
        for item_id, share in settings["reported"].items():
            asked = wave["id"] == settings["reported_wave"]
            said = _best(answering, share, chance) if asked else [False] * n
            for row, yes in zip(wave_rows, said, strict=True):
                row[item_id] = ("yes" if yes else "no") if asked else ""
        rows += wave_rows
    return rows


def _cohorts(school: School) -> tuple[str, ...]:
    """Year group in 2019/20 of each cohort; "-1" starts school in the second year."""
    starts = school.year_groups[0] == "R"
    return ("-1", *school.year_groups) if starts else school.year_groups


def _pupil(
    pupil: str,
    school: School,
    year: str,
    traits: Row,
    scale: SurveyScale,
    recipe: Recipe,
    chance: Chance,
) -> list[Row]:
    settings = recipe["pupils"]
    own = 0.12 * chance.bell()
    rows: list[Row] = []
    for place, wave in enumerate(recipe["wave"]):
        moved_up = wave["id"] == recipe["wave"][-1]["id"]
        now = _YEARS[_YEARS.index(year) + moved_up]
        if now not in school.year_groups or not chance.happens(settings["response"][place]):
            continue
        level = settings["trend"][place] + 0.05 * school.readiness + own
        row: Row = {
            "respondent": pupil,
            "school_urn": urn_at(school, wave["id"], recipe),
            "wave": wave["id"],
            "year_group": now,
            **traits,
        }
        for item in scale.items:
            asked = not item.year_groups or now in item.year_groups
            blank = not asked or chance.happens(settings["blank"])
            said = _graded(item, scale, level, settings["dont_know"], chance)
            row[item.id] = "" if blank else said
        rows.append(row)
    return rows


def _graded(
    item: SurveyItem, scale: SurveyScale, level: float, dont_know: float, chance: Chance
) -> str:
    if chance.happens(dont_know):
        return scale.missing[0]
    codes = list(scale.answers)
    place = min(len(codes) - 1, max(0, int(len(codes) * (level + 0.22 * chance.bell()))))
    return codes[len(codes) - 1 - place] if item.reverse else codes[place]


def _best(schools: list[School], share: float, chance: Chance) -> list[bool]:
    """Choose the share of schools that come out best, readiness and luck together."""
    marks = [logistic(school.readiness + chance.bell()) for school in schools]
    bar = sorted(marks, reverse=True)[: round(share * len(schools))]
    return [mark in bar for mark in marks]


def _wave_place(row: Row, recipe: Recipe) -> int:
    return [wave["id"] for wave in recipe["wave"]].index(str(row["wave"]))
