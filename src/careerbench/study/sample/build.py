"""Write the folder of the sample study."""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import StudyError
from careerbench.frameworks import load_framework, load_scale
from careerbench.study.sample import audits, schools, surveys

if TYPE_CHECKING:
    from careerbench.study.sample.schools import Recipe, Row


def write_sample(folder: str | Path, *, seed: int | None = None) -> list[Path]:
    """Write a made-up study: schools, audits, three surveys, an activity log, ``study.toml``.

    Parameters
    ----------
    folder : str or Path
        Where to write; made if it is not there. A study that stands there is never overwritten
        by one of another kind: the folder must be empty or hold only files of these names.
    seed : int, optional
        Another seed gives another study of the same shape. Default: the one of ``data_samples``.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    StudyError
        If the folder holds other files.
    """
    recipe = _recipe()
    number = recipe["seed"]["default"] if seed is None else seed
    tables = _tables(recipe, number)
    texts = {"study.toml": _study_toml(recipe), "README.md": _readme(recipe, number)}
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    strange = sorted({file.name for file in target.iterdir()} - {*tables, *texts})
    if strange:
        raise StudyError(
            f"write_sample: '{target.name}' holds files of something else.",
            found=", ".join(strange[:6]),
            hint="an empty folder, or a new name",
        )
    for name, rows in tables.items():
        _write_csv(target / name, rows)
    for name, said in texts.items():
        (target / name).write_text(said, encoding="utf-8", newline="\n")
    return [target / name for name in (*texts, *tables)]


def _recipe() -> Recipe:
    return tomllib.loads(files(__package__).joinpath("recipe.toml").read_text(encoding="utf-8"))


def _tables(recipe: Recipe, seed: int) -> dict[str, list[Row]]:
    made = schools.make_schools(recipe, seed)
    framework = load_framework(recipe["framework"])
    pupils, teachers = load_scale("pupil-careers"), load_scale("teacher-careers")
    leaders = load_scale("careers-leader-ability")
    return {
        "schools.csv": schools.register_rows(made, recipe),
        "links.csv": schools.link_rows(made, recipe),
        "audits.csv": audits.audit_rows(made, framework, recipe, seed),
        "survey_pupils.csv": surveys.pupil_rows(made, pupils, recipe, seed),
        "survey_teachers.csv": surveys.teacher_rows(made, teachers, recipe, seed),
        "survey_careers_leaders.csv": surveys.careers_leader_rows(made, leaders, recipe, seed),
        "activities.csv": audits.activity_rows(made, recipe, seed),
    }


def _write_csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _study_toml(recipe: Recipe) -> str:
    waves = "".join(
        f'\n[[wave]]\nid = "{wave["id"]}"\ntitle = "{wave["title"]}"\n'
        f"opens = {wave['opens']}\ncloses = {wave['closes']}\n"
        + (f'about = "{wave["about"]}"\n' if "about" in wave else "")
        for wave in recipe["wave"]
    )
    named = (
        ("pupils", "Pupils", "survey_pupils.csv", "pupil-careers"),
        ("teachers", "Teachers", "survey_teachers.csv", "teacher-careers"),
        ("careers_leaders", "Careers Leaders: own ability", "survey_careers_leaders.csv",
         "careers-leader-ability"),
        ("school_reports", "Careers Leaders: change for pupils", "survey_careers_leaders.csv",
         "school-reported-change"),
    )  # fmt: skip
    parts = "".join(
        f'\n[[survey]]\nname = "{name}"\ntitle = "{title}"\nfile = "{file}"\nscale = "{scale}"\n'
        for name, title, file, scale in named
    )
    return (
        "# A study: which tables, which framework, which waves. All files lie in this folder.\n"
        f'title = "{recipe["title"]}"\nabout = "{recipe["about"]}"\n'
        f'framework = "{recipe["framework"]}"\nschools = "schools.csv"\naudits = "audits.csv"\n'
        f'links = "links.csv"\nactivities = "activities.csv"\n{waves}{parts}'
    )


def _readme(recipe: Recipe, seed: int) -> str:
    template = files(__package__).joinpath("readme.md").read_text(encoding="utf-8")
    late, twice = recipe["audits"]["n_late"], recipe["audits"]["n_twice"]
    titles = {wave["id"]: wave["title"] for wave in recipe["wave"]}
    without = [f"{n} at '{titles[wave]}'" for wave, n in recipe["audits"]["n_without"].items()]
    change = recipe["succession"]
    old = str(recipe["first_urn"] + change["place"] - 1)
    return template.format(
        seed=seed, late=late, twice=twice, old_urn=old, new_urn=change["new_urn"],
        changed=change["changed"], without=" and ".join(without),
        dont_know=f"{recipe['audits']['dont_know']:.0%}", blank=f"{recipe['audits']['blank']:.0%}",
    )  # fmt: skip
