"""``Study``: what a folder's ``study.toml`` names, opened, checked and scored as one thing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench import frameworks, loaders, panel, scoring
from careerbench.checks import require_columns, require_one_of, require_several
from careerbench.errors import BadArgumentError, StudyError, did_you_mean, quoted
from careerbench.study import crosschecks
from careerbench.study.config import StudyConfig, read_config
from careerbench.study.plan import ReleasePlan, changed_plan
from careerbench.study.slices import select

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from careerbench.frameworks import Framework, SurveyScale
    from careerbench.loaders import Problems
    from careerbench.panel import Wave


@dataclass(frozen=True, eq=False)
class Survey:
    """One survey of a study: its answers and the scale they are scored on.

    ``responses`` has one row per respondent and item, as ``loaders.load_survey`` gives it.
    """

    name: str
    title: str
    responses: pd.DataFrame
    scale: SurveyScale

    def __repr__(self) -> str:
        return f"<Survey {self.name}: {len(self.responses)} answers, scale {self.scale.id}>"


@dataclass(frozen=True, eq=False)
class Study:
    """A study folder, opened.

    Attributes
    ----------
    title : str
    framework : Framework
    waves : tuple of Wave
        In order of time.
    schools : DataFrame
        One row per school: ``school_urn`` and its characteristics.
    audits : DataFrame
        One row per school, wave and item. ``school_urn`` is the number under which the school
        goes on today; ``reported_urn`` is the one in the file.
    surveys : mapping of str to Survey
    activities : DataFrame or None
    lineage : DataFrame
        What became of each number, as ``panel.resolve_urns`` accounts for it.
    problems : Problems
        Everything found wrong or worth knowing, errors and warnings.
    release : ReleasePlan
        Which slices ``disclosure.build_release`` releases.
    """

    title: str
    framework: Framework
    waves: tuple[Wave, ...]
    schools: pd.DataFrame
    audits: pd.DataFrame
    surveys: Mapping[str, Survey]
    activities: pd.DataFrame | None
    lineage: pd.DataFrame
    problems: Problems
    about: str = ""
    release: ReleasePlan = field(default_factory=ReleasePlan)

    @property
    def wave_titles(self) -> dict[str, str]:
        """Each wave's title by its id, in order of time."""
        return {wave.id: wave.title for wave in self.waves}

    def scores(self, *, year_group: str | None = None, missing: str | None = None) -> pd.DataFrame:
        """Score every school at every wave.

        Parameters
        ----------
        year_group : str, optional
            Score as it stands for one year group: whole-school answers and that year's own, of
            the schools that answered for that year.
        missing : {"as_not_met", "exclude", "not_scored"}, optional
            Default: as the framework declares.

        Returns
        -------
        DataFrame
            As ``scoring.score_benchmarks``: one row per school, wave and Benchmark; ``wave`` is
            an ordered category.
        """
        audits = self.audits if year_group is None else self._audits_of_year(year_group)
        scores = scoring.score_benchmarks(
            audits, self.framework, schools=self._register_of(audits), missing=missing
        )
        return self._in_wave_order(scores)

    def scale_scores(self, survey: str) -> pd.DataFrame:
        """Score one survey on its scale: one row per respondent and wave.

        Raises
        ------
        StudyError
            If the study has no survey of that name.
        """
        if survey not in self.surveys:
            raise StudyError(
                f"scale_scores: the study has no survey '{survey}'.",
                found=quoted(self.surveys),
                hint=did_you_mean(survey, self.surveys),
            )
        chosen = self.surveys[survey]
        return self._in_wave_order(scoring.score_scale(chosen.responses, chosen.scale))

    def with_schools(self, table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        """Join school characteristics to a table that has ``school_urn``.

        Without ``columns`` every characteristic is joined that the table does not have yet.
        """
        mine = columns or tuple(name for name in self.schools if name not in table.columns)
        hint = "a column of study.schools"
        require_columns(self.schools.columns, mine, step="with_schools", hint=hint)
        taken = [name for name in mine if name in table.columns]
        if taken:
            raise BadArgumentError(
                f"with_schools: the table has {quoted(taken)} already.",
                found=quoted(table.columns),
                hint="drop it from the table, or leave it out here",
            )
        register = self.schools[["school_urn", *mine]]
        return table.merge(register, on="school_urn", how="left", validate="many_to_one")

    def with_release(
        self,
        *,
        policy: str | None = None,
        surveys: Sequence[str] | None = None,
        characteristics: Sequence[str] | None = None,
        depth: Mapping[str, int] | None = None,
        school_results: bool | None = None,
    ) -> Study:
        """Return the study with another ``[release]`` table, as for a release of a part of it.

        Each argument is an entry of that table in ``study.toml``; what is not given stays as it is.

        Raises
        ------
        BadArgumentError
            If ``surveys`` or ``characteristics`` is no list.
        StudyError
            If a value cannot be used; every fault is listed.

        Notes
        -----
        Two releases of one study belong together, whatever their plans: give the first as
        ``against`` to the second.
        """
        said = {
            "policy": policy,
            "surveys": _several(surveys, "surveys"),
            "characteristics": _several(characteristics, "characteristics"),
            "depth": depth,
            "school_results": school_results,
        }
        return replace(self, release=changed_plan(self.release, said, self.surveys))

    def __repr__(self) -> str:
        sizes = f"{len(self.schools)} schools, {len(self.waves)} waves, {len(self.surveys)} surveys"
        found = self.problems.notes[0].rstrip(".")
        return f"<Study '{self.title}': {self.framework.id}, {sizes}, {found}>"

    def _audits_of_year(self, year_group: str) -> pd.DataFrame:
        mine = select(self.audits, year_group=year_group)
        asked = mine["year_group"].notna() & (mine["answer_reason"] != "not_asked")
        teaching = mine.loc[asked, ["school_urn", "wave"]].drop_duplicates()
        return mine.merge(teaching, on=["school_urn", "wave"], how="inner")

    def _register_of(self, audits: pd.DataFrame) -> pd.DataFrame | None:
        """Give what says which items are put to a school; unknown schools are put all of them."""
        import pandas as pd

        if not any(item.is_conditional for item in self.framework.items.values()):
            return None
        strange = set(audits["school_urn"]) - set(self.schools["school_urn"])
        return pd.concat([self.schools, pd.DataFrame({"school_urn": sorted(strange)})])

    def _in_wave_order(self, table: pd.DataFrame) -> pd.DataFrame:
        import pandas as pd

        order = [wave.id for wave in self.waves]
        return table.assign(wave=pd.Categorical(table["wave"], categories=order, ordered=True))


def _several(names: Sequence[str] | None, entry: str) -> list[str] | None:
    """Read an entry of ``with_release`` that is a list; None leaves it as it is."""
    if names is None:
        return None
    hint = f"{entry}=['...'], as in study.toml"
    return require_several(names, name=entry, step="with_release", hint=hint)


def open_study(path: str | Path, *, on_problem: str = "raise") -> Study:
    """Open a study folder as one thing.

    Parameters
    ----------
    path : str or Path
        The folder that holds ``study.toml``, or the file itself.
    on_problem : {"raise", "quarantine"}
        What bad rows do: stop the opening with one report of all of them, or stay out of the
        tables and stand in ``study.problems``.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        If ``study.toml`` is missing or not sound; every fault is listed.
    TableProblemsError
        If a table has errors and ``on_problem`` is "raise"; the error's ``problems`` lists every
        one, of every table.

    Examples
    --------
    >>> study = open_study("data_samples")
    >>> study.framework.id, len(study.schools), [wave.id for wave in study.waves]
    ('ne-primary-2019', 71, ['baseline', 'year_1', 'year_2'])
    """
    require_one_of(on_problem, ("raise", "quarantine"), name="on_problem", step="open_study")
    folder = Path(path).parent if Path(path).suffix == ".toml" else Path(path)
    study = _open(folder, read_config(folder))
    if study.problems.n_errors and on_problem == "raise":
        raise loaders.RowProblemsError("open_study", study.problems)
    return study


def _open(folder: Path, config: StudyConfig) -> Study:
    framework = _framework(folder, config.framework)
    schools = loaders.load_schools(folder / config.schools, on_problem="quarantine")
    scales = {part.name: _scale(folder, part.scale) for part in config.surveys}
    tables = _load_tables(folder, config, framework)
    links = _links(folder, config)
    opened = [schools, *tables.values(), *([] if links is None else [links])]
    found = [loaders.problems_of(table) for table in opened]
    tables, strange_waves = crosschecks.known_waves(tables, config.waves)
    lineage = _lineage(tables, links, schools)
    tables = {label: _with_current_urns(table, lineage) for label, table in tables.items()}
    audits = _together([tables[part.label] for part in config.audits])
    named = config.audits[0].label if len(config.audits) == 1 else "audits"
    surveys, strange_answers = _surveys(config, tables, scales)
    found += [
        strange_waves,
        crosschecks.check_schools(tables, schools),
        crosschecks.check_audits(named, audits, config, framework),
        crosschecks.check_release(config.release, [each.responses for each in surveys.values()]),
        strange_answers,
    ]
    return Study(
        title=config.title,
        framework=framework,
        waves=tuple(sorted(config.waves, key=lambda wave: wave.opens)),
        schools=schools,
        audits=audits,
        surveys=surveys,
        activities=tables.get(config.activities),
        lineage=lineage,
        problems=loaders.Problems.join(found),
        about=config.about,
        release=config.release,
    )


def _load_tables(
    folder: Path, config: StudyConfig, framework: Framework
) -> dict[str, pd.DataFrame]:
    """Load every table that has schools and waves, by its file's label; each file once.

    A key is read only where a file needs one, and is kept nowhere.
    """
    keep = "quarantine"
    tables: dict[str, pd.DataFrame] = {}
    for part in config.audits:
        tables[part.label] = loaders.load_audits(
            folder / part.file,
            framework=framework,
            sheet=part.sheet,
            wave=part.wave,
            on_problem=keep,
        )
    key = folder / config.key_file if config.key_file else None
    for survey in config.surveys:
        part = survey.table
        if part.label not in tables:
            tables[part.label] = loaders.load_survey(
                folder / part.file,
                sheet=part.sheet,
                wave=part.wave,
                mapping=folder / survey.mapping if survey.mapping else None,
                key=key,
                on_problem=keep,
            )
    if config.activities:
        log = loaders.load_activities(folder / config.activities, on_problem=keep)
        tables[config.activities] = log
    return tables


def _surveys(
    config: StudyConfig, tables: Mapping[str, pd.DataFrame], scales: Mapping[str, SurveyScale]
) -> tuple[dict[str, Survey], Problems]:
    """Put each survey's files together; answers that are not on its scale are set aside."""
    surveys, found = {}, []
    for name, scale in scales.items():
        parts = [part for part in config.surveys if part.name == name]
        kept = []
        for part in parts:
            table, problems = crosschecks.known_answers(
                part.table.label, tables[part.table.label], scale
            )
            kept.append(loaders.explain_missing(table, scale=scale))
            found.append(problems)
        surveys[name] = Survey(name, parts[0].title, _together(kept), scale)
    for label in dict.fromkeys(part.table.label for part in config.surveys):
        mine = [scales[part.name] for part in config.surveys if part.table.label == label]
        found.append(crosschecks.check_survey(label, tables[label], mine))
    return surveys, loaders.Problems.join(found)


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


def _framework(folder: Path, name: str) -> Framework:
    """Load the framework that is named, or that lies in the study's folder."""
    own = folder / name
    return frameworks.load_framework(own if own.suffix == ".toml" else name)


def _scale(folder: Path, name: str) -> SurveyScale:
    own = folder / name
    return frameworks.load_scale(own if own.suffix == ".toml" else name)


def _links(folder: Path, config: StudyConfig) -> pd.DataFrame | None:
    if not config.links:
        return None
    return loaders.load_links(folder / config.links, on_problem="quarantine")


def _lineage(
    tables: dict[str, pd.DataFrame], links: pd.DataFrame | None, schools: pd.DataFrame
) -> pd.DataFrame:
    import pandas as pd

    urns = sorted({urn for table in tables.values() for urn in table["school_urn"].dropna()})
    if links is None:
        columns = ["school_urn", "link_urn", "link_type", "link_date"]
        links = pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
    register = schools if "close_date" in schools else None
    return panel.resolve_urns(urns, links, schools=register)


def _with_current_urns(table: pd.DataFrame, lineage: pd.DataFrame) -> pd.DataFrame:
    """Give each row the number its school goes by today, and keep the reported one."""
    current = lineage.set_index("school_urn")["current_urn"]
    reported = table["school_urn"]
    renamed = table.assign(school_urn=reported.map(current))
    renamed.insert(1, "reported_urn", reported)
    return renamed


def _listed(names: Sequence[str] | None) -> list[str] | None:
    return None if names is None else [names] if isinstance(names, str) else list(names)
