"""Write the folder of the sample study."""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import StudyError, quoted
from careerbench.frameworks import load_framework, load_scale
from careerbench.study.sample import audits, schools, surveys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerbench.study.sample.schools import Recipe, Row


def write_sample(
    folder: str | Path, *, seed: int | None = None, overwrite: bool = False
) -> list[Path]:
    """Write a made-up study: schools, audits, three surveys, an activity log, ``study.toml``.

    Parameters
    ----------
    folder : str or Path
        Where to write; made if it is not there.
    seed : int, optional
        Another seed gives another study of the same shape. Default: the one of ``data_samples``.
    overwrite : bool, default False
        Whether files of these names may be written over. Other files never are.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    StudyError
        If the folder holds other files, or files of these names that say something else.
    """
    recipe = _recipe()
    number = recipe["seed"]["default"] if seed is None else seed
    texts = {"study.toml": _study_toml(recipe), "README.md": _readme(recipe, number)}
    texts |= {name: _csv_text(rows) for name, rows in _tables(recipe, number).items()}
    target = Path(folder)
    _refuse_loss(target, texts, overwrite=overwrite)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, said in texts.items():
            (target / name).write_bytes(said.encode())
    except OSError as error:
        raise StudyError(
            f"write_sample: '{target.name}' cannot be written.",
            found=str(error.strerror),
            hint="a new folder in a place of your own",
        ) from error
    return [target / name for name in texts]


def _refuse_loss(target: Path, texts: Mapping[str, str], *, overwrite: bool) -> None:
    """Refuse a folder in which something would be lost."""
    there = {file.name: file for file in target.iterdir()} if target.is_dir() else {}
    strange = sorted(set(there) - set(texts))
    if strange:
        raise StudyError(
            f"write_sample: '{target.name}' holds files of something else.",
            found=quoted(strange, limit=6),
            hint="an empty folder, or a new name",
        )
    other = [name for name, file in there.items() if file.read_bytes() != texts[name].encode()]
    if other and not overwrite:
        raise StudyError(
            f"write_sample: '{target.name}' holds another study.",
            found=quoted(sorted(other), limit=6),
            hint="a new folder; or --force (overwrite=True) to lose what stands there",
        )


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


def _csv_text(rows: list[Row]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


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
        "\n# What careerbench release hands on. Every school here is made up, so its own results "
        'may be shown.\n[release]\npolicy = "default"\nschool_results = true\n'
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
