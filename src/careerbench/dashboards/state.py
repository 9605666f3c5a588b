"""What the user has picked, and what follows from it. Knows no widget."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from traitlets import HasTraits, TraitError, Unicode, validate

from careerbench import analysis
from careerbench.periods import order_year_groups, show_year_group
from careerbench.study import select

if TYPE_CHECKING:
    import pandas as pd
    from traitlets import Bunch

    from careerbench.analysis import ScaleMeans, Shares
    from careerbench.frameworks import SurveyScale
    from careerbench.study import Study

ALL = ""
"""The choice that leaves a dimension unsliced."""
PICKS = ("school", "year_group", "benchmark", "wave")
_COLUMNS = {"school": "school_urn"}


class ExplorerState(HasTraits):
    """The researcher's slice of a study: school, year group, Benchmark and wave.

    Each trait holds an id or ``ALL``; a value that the study does not have is refused. ``wave``
    always names a wave, for shares over several waves would count a school several times.
    """

    school = Unicode(ALL)
    year_group = Unicode(ALL)
    benchmark = Unicode(ALL)
    wave = Unicode()

    def __init__(self, study: Study, *, survey: str | None = None) -> None:
        self.study = study
        self.survey = _pupil_survey(study) if survey is None else survey
        self._pupils = None if self.survey is None else study.scale_scores(self.survey)
        self._scores = lru_cache(maxsize=32)(self._score)
        self.choices = _choices(study, self._scores(ALL), self._pupils)
        super().__init__(wave=next(reversed(self.choices["wave"])))

    @validate("school", "year_group", "benchmark", "wave")
    def _known(self, proposal: Bunch) -> str:
        name, value = proposal["trait"].name, proposal["value"]
        if value not in self.choices[name]:
            raise TraitError(f"{name} has no value '{value}'")
        return value

    @property
    def scores(self) -> pd.DataFrame:
        """Scores of the slice: one row per school and Benchmark at the chosen wave."""
        return self._slice(self._scores(self.year_group), "school", "benchmark", "wave")

    @property
    def shares(self) -> Shares:
        """Share of the slice's schools that achieve each Benchmark, with intervals."""
        return analysis.achieved_shares(self._titled(self.scores))

    @property
    def means(self) -> ScaleMeans | None:
        """Pupils' mean scale score by year group in the slice; None without a pupil survey."""
        if self._pupils is None:
            return None
        rows = self._slice(self._pupils, "school", "year_group", "wave")
        return analysis.scale_means(self._titled(rows), by="year_group")

    @property
    def scale(self) -> SurveyScale | None:
        """The scale that the pupil survey is scored on."""
        return None if self.survey is None else self.study.surveys[self.survey].scale

    @property
    def scale_limits(self) -> tuple[float, float]:
        """The lowest and highest score the pupil scale allows."""
        values = self.scale.answers.values() if self.scale else (0.0, 1.0)
        return min(values), max(values)

    @property
    def summary(self) -> str:
        """Say in one line what is shown."""
        return " · ".join(self.choices[name][getattr(self, name)] for name in PICKS)

    def _titled(self, table: pd.DataFrame) -> pd.DataFrame:
        """Call the wave by its title, as pictures and tables show it."""
        return table.assign(wave=table["wave"].astype("str").map(self.choices["wave"]))

    def _score(self, year_group: str) -> pd.DataFrame:
        return self.study.scores(year_group=year_group or None)

    def _slice(self, table: pd.DataFrame, *picks: str) -> pd.DataFrame:
        """Slice a table by what is picked; a choice that no row has gives no row."""
        wanted = {_COLUMNS.get(name, name): getattr(self, name) for name in picks}
        chosen = {name: value for name, value in wanted.items() if value != ALL}
        if any(value not in set(table[name].astype("str")) for name, value in chosen.items()):
            return table.iloc[:0]
        return select(table, **chosen)


def _pupil_survey(study: Study) -> str | None:
    """Name the first survey whose scale is for pupils, if there is one."""
    named = (name for name, survey in study.surveys.items() if survey.scale.audience == "pupil")
    return next(named, None)


def _choices(
    study: Study, scores: pd.DataFrame, pupils: pd.DataFrame | None
) -> dict[str, dict[str, str]]:
    """List what can be picked: each value and its words, the unsliced choice first."""
    names = study.schools.set_index("school_urn")["school_name"]
    tables = [study.audits, *([] if pupils is None else [pupils])]
    urns = sorted({urn for table in (scores, *tables) for urn in table["school_urn"]})
    schools = sorted((f"{names.get(urn, 'not in the register')} ({urn})", urn) for urn in urns)
    years = order_year_groups(
        {year for table in tables for year in table["year_group"].dropna().unique()}
    )
    return {
        "school": {ALL: "All schools"} | {urn: name for name, urn in schools},
        "year_group": {ALL: "All year groups"} | {year: show_year_group(year) for year in years},
        "benchmark": {ALL: "All Benchmarks"} | study.framework.labels,
        "wave": study.wave_titles,
    }
