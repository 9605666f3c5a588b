"""The explorer without a browser: pick, and see what the library says."""

import dataclasses

import pytest
from traitlets import TraitError

from careerbench import analysis, study
from careerbench.dashboards import Explorer, ExplorerState


@pytest.fixture
def state(pilot):
    return ExplorerState(pilot)


def shares_of(result):
    return result.to_frame().set_index("benchmark")["share"].to_dict()


def test_it_opens_at_the_last_wave_with_everything(state):
    assert (state.wave, state.school, state.year_group, state.benchmark) == ("year_2", "", "", "")
    assert state.summary == "All schools · All year groups · All Benchmarks · End of Year 2"


def test_choosing_a_wave_changes_the_shares(state, pilot):
    state.wave = "baseline"
    expected = analysis.achieved_shares(study.select(pilot.scores(), wave="baseline"))
    assert shares_of(state.shares) == shares_of(expected)


def test_choosing_a_school_leaves_its_row(state):
    state.school = "900001"
    assert set(state.scores["school_urn"]) == {"900001"}
    assert state.shares.to_frame()["n_schools"].max() == 1


def test_choosing_a_benchmark_leaves_one_share(state):
    state.benchmark = "p5"
    assert list(shares_of(state.shares)) == ["p5"]


def test_choosing_a_year_group_scores_that_year(state, pilot):
    state.year_group, state.wave = "R", "year_1"
    expected = study.select(pilot.scores(year_group="R"), wave="year_1")
    assert shares_of(state.shares) == shares_of(analysis.achieved_shares(expected))
    assert state.means.to_frame()["year_group"].tolist() == ["R"]


def test_a_value_the_study_does_not_have_is_refused(state):
    with pytest.raises(TraitError, match="wave has no value 'year_9'"):
        state.wave = "year_9"
    assert state.wave == "year_2"


def test_a_slice_without_anybody_is_empty_and_no_error(state, pilot):
    middle = pilot.schools.query("phase == 'Middle deemed primary'")["school_urn"].iloc[0]
    state.school, state.year_group = middle, "R"
    assert state.scores.empty
    assert len(state.means) == 0


def test_the_widget_shows_what_the_state_says(pilot):
    explorer = Explorer(pilot)
    explorer.pickers["benchmark"].value = "p2"
    explorer.pickers["wave"].value = "baseline"
    row = explorer.state.shares.to_frame().iloc[0]
    shown = explorer.sections["shares"].value
    assert f"<td>{row['n_achieved']}</td>" in shown
    assert "Showing All schools · All year groups · " in explorer.sections["said"].value
    assert 'role="status"' in explorer.sections["said"].value


def test_every_picture_has_its_words(pilot):
    explorer = Explorer(pilot)
    for name in ("shares", "means"):
        assert 'alt="' in explorer.sections[name].value
        assert 'alt=""' not in explorer.sections[name].value


def test_the_map_says_each_schools_state_by_symbol_and_word(pilot):
    shown = Explorer(pilot).sections["heatmap"].value
    last = study.select(pilot.scores(), wave="year_2")
    for state, symbol in (("achieved", "●"), ("partial", "◐"), ("not achieved", "○")):
        n = (last["state"] == state).sum()
        assert shown.count(f'title="{state}" aria-label="{state}">{symbol}</td>') == n


def test_a_slice_without_anybody_says_so(pilot):
    explorer = Explorer(pilot)
    middle = pilot.schools.query("phase == 'Middle deemed primary'")["school_urn"].iloc[0]
    explorer.pickers["school"].value = middle
    explorer.pickers["year_group"].value = "R"
    assert "No school has answers in this slice." in explorer.sections["heatmap"].value
    assert "No pupil has answers in this slice." in explorer.sections["means"].value


def test_a_study_without_a_pupil_survey_is_explored_all_the_same(pilot):
    without = dataclasses.replace(pilot, surveys={"teachers": pilot.surveys["teachers"]})
    explorer = Explorer(without)
    assert "The study has no survey of pupils." in explorer.sections["means"].value
    assert "<table>" in explorer.sections["shares"].value


def test_markup_in_names_is_text(pilot):
    register = pilot.schools.assign(school_name="<script>alert('x')</script>")
    shown = Explorer(dataclasses.replace(pilot, schools=register, title="</h1><b>"))
    html = "".join([shown.children[0].value, *(part.value for part in shown.sections.values())])
    assert "<script>" not in html
    assert "</h1><b>" not in html


def test_the_page_says_whom_it_is_for(pilot):
    assert "Do not share this page" in Explorer(pilot).children[0].value
