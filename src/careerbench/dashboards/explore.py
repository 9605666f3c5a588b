"""The researcher's explorer: one study under a mouse, in JupyterLab or Voilà."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as widgets

from careerbench import html, plots
from careerbench.dashboards import parts
from careerbench.dashboards.state import PICKS, ExplorerState

if TYPE_CHECKING:
    from careerbench.study import Study

STUDY_VARIABLE = "CAREERBENCH_STUDY"
_LABELS = {"school": "School", "year_group": "Year group", "benchmark": "Benchmark", "wave": "Wave"}
_NOTICE = (
    "Researcher's explorer: it shows the study itself, small groups included. "
    "Do not share this page or pictures of it."
)
_SHARES = {
    "benchmark": "Benchmark",
    "n_schools": "Schools scored",
    "n_missing": "Not scored",
    "n_achieved": "Achieved",
    "share": "Share",
    "low": "Low",
    "high": "High",
}
_MEANS = {
    "year_group": "Year group",
    "n_respondents": "Pupils scored",
    "n_missing": "No score",
    "n_schools": "Schools",
    "mean": "Mean",
    "low": "Low",
    "high": "High",
}


class Explorer(widgets.VBox):
    """Pickers for school, year group, Benchmark and wave over pictures and their tables.

    Parameters
    ----------
    study : Study
        An opened study.
    survey : str, optional
        The pupil survey to show. Default: the first one whose scale is for pupils.

    Examples
    --------
    >>> from careerbench.study import open_study
    >>> explorer = Explorer(open_study("data_samples"))
    >>> explorer.pickers["wave"].value = "baseline"
    >>> int(explorer.state.shares.to_frame()["n_schools"].max())
    70
    """

    def __init__(self, study: Study, *, survey: str | None = None) -> None:
        self.state = ExplorerState(study, survey=survey)
        self.pickers = {
            name: parts.picker(_LABELS[name], self.state.choices[name], getattr(self.state, name))
            for name in PICKS
        }
        self.sections = {name: widgets.HTML() for name in ("said", "heatmap", "shares", "means")}
        for name, control in self.pickers.items():
            control.observe(lambda change, name=name: self._pick(name, change["new"]), "value")
        title = html.element("h1", html.text(study.title))
        notice = html.element("p", html.text(_NOTICE), class_="notice")
        notes = "".join(html.element("p", html.text(note)) for note in study.framework.notes)
        head = widgets.HTML(parts.style() + title + notice + notes)
        super().__init__([head, parts.row(*self.pickers.values()), *self.sections.values()])
        self.add_class(parts.STYLE_CLASS)
        self._draw()

    def _pick(self, name: str, value: str) -> None:
        setattr(self.state, name, value)
        self._draw()

    def _draw(self) -> None:
        drawn = {
            "said": parts.announcement(f"Showing {self.state.summary}."),
            "heatmap": self._heatmap(),
            "shares": self._shares(),
            "means": self._means(),
        }
        for name, words in drawn.items():
            self.sections[name].value = words

    def _heatmap(self) -> str:
        scores = self.state.scores
        if scores.empty:
            return _section("School by Benchmark", _nothing("No school"), "heatmap")
        study = self.state.study
        wave = self.state.choices["wave"][self.state.wave]
        table = parts.state_table(
            scores,
            names=study.schools.set_index("school_urn")["school_name"].to_dict(),
            labels=study.framework.labels,
            caption=plots.describe_heatmap(scores.assign(wave=wave)),
        )
        return _section("School by Benchmark", table, "heatmap")

    def _shares(self) -> str:
        if self.state.scores.empty:
            return _section("Schools achieving each Benchmark", _nothing("No school"), "shares")
        shares, labels = self.state.shares, self.state.study.framework.labels
        picture = parts.picture(
            plots.plot_shares(shares, labels=labels), plots.describe_shares(shares, labels=labels)
        )
        titles = {"benchmark": labels}
        table = parts.result_table(shares, columns=_SHARES, words=titles)
        return _section("Schools achieving each Benchmark", picture + table, "shares")

    def _means(self) -> str:
        means, scale = self.state.means, self.state.scale
        if means is None or scale is None:
            nothing = html.element("p", "The study has no survey of pupils.")
            return _section("Pupils by year group", nothing, "means")
        heading = f"Pupils by year group: {scale.title}"
        if not len(means):
            return _section(heading, _nothing("No pupil"), "means")
        axes = plots.plot_scale_means(means, limits=self.state.scale_limits)
        picture = parts.picture(axes, plots.describe_scale_means(means))
        years = {"year_group": self.state.choices["year_group"]}
        table = parts.result_table(means, columns=_MEANS, words=years)
        return _section(heading, picture + table, "means")


def study_folder() -> Path:
    """Return the folder of the study to explore: the one asked for, else the sample study."""
    from careerbench.dashboards.places import sample_folder

    asked = os.environ.get(STUDY_VARIABLE)
    return Path(asked) if asked else sample_folder()


def _section(heading: str, body: str, name: str) -> str:
    return html.element("section", html.element("h2", html.text(heading)), body, id_=name)


def _nothing(who: str) -> str:
    return html.element("p", f"{who} has answers in this slice.")
