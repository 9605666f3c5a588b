"""A folder opened as one thing, or refused with every reason."""

import shutil

import pytest

from careerbench import study
from careerbench.errors import CareerBenchError, StudyError, TableProblemsError


@pytest.fixture
def copied(sample_folder, tmp_path):
    return shutil.copytree(sample_folder, tmp_path / "pilot")


def edit(folder, file, old, new, count=-1):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8", newline="\n")


def test_the_toml_itself_opens_the_study(sample_folder):
    assert study.open_study(sample_folder / "study.toml").framework.id == "ne-primary-2019"


def test_opening_says_what_it_found(pilot):
    assert repr(pilot).startswith("<Study 'Sample study: a primary careers programme")
    assert "0 errors" in repr(pilot)


def test_a_folder_without_study_toml_is_refused(tmp_path):
    (tmp_path / "audits.csv").write_text("x")
    with pytest.raises(StudyError) as caught:
        study.open_study(tmp_path)
    assert "holds no study.toml" in str(caught.value)
    assert "'audits.csv'" in str(caught.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(StudyError, match="no such folder"):
        study.open_study(tmp_path / "nowhere")


def test_every_fault_of_study_toml_is_listed(copied):
    edit(copied, "study.toml", 'schools = "schools.csv"', 'schools = "school.csv"\nscools = "x"')
    edit(copied, "study.toml", "opens = 2019-09-16", 'opens = "autumn"')
    with pytest.raises(StudyError) as caught:
        study.open_study(copied)
    said = str(caught.value)
    assert "3 fault(s)" in said
    assert (
        "schools = 'school.csv': there is no such file in the folder: did you mean 'schools.csv'?"
        in said
    )
    assert "'scools' is not known: did you mean 'schools'?" in said
    assert "wave 'baseline': opens must be a date" in said


def test_an_unknown_answer_stops_the_opening_with_its_row(copied):
    edit(copied, "audits.csv", "p1_programme,,not_in_place", "p1_programme,,not_at_all", 1)
    with pytest.raises(TableProblemsError) as caught:
        study.open_study(copied)
    assert "row 2, column 'answer'" in str(caught.value)
    assert caught.value.problems.n_errors == 1


def test_quarantine_keeps_the_rest_and_the_list(copied, pilot):
    edit(copied, "audits.csv", "p1_programme,,not_in_place", "p1_programme,,not_at_all", 1)
    opened = study.open_study(copied, on_problem="quarantine")
    assert opened.problems.n_errors == 1
    assert len(opened.audits) == len(pilot.audits) - 1


def test_a_wave_that_study_toml_does_not_know_is_an_error(copied):
    edit(copied, "audits.csv", "900001,baseline", "900001,basline")
    with pytest.raises(TableProblemsError) as caught:
        study.open_study(copied)
    assert "34 rows name the wave 'basline', which study.toml does not know" in str(caught.value)
    assert "did you mean 'baseline'?" in str(caught.value)


def test_a_school_nobody_registered_is_a_warning(copied):
    edit(copied, "audits.csv", "\n900002,", "\n900999,")
    said = study.open_study(copied).problems.to_frame()["problem"]
    assert said.str.contains("1 schools are not in the register: '900999'").sum() == 1


def test_a_survey_that_the_study_has_not_is_answered_with_those_it_has(pilot):
    with pytest.raises(StudyError, match=r"did you mean 'pupils'\?"):
        pilot.scale_scores("pupil")


def test_scores_for_a_year_group_hold_the_schools_that_teach_it(pilot):
    reception = pilot.scores(year_group="R")
    middle = pilot.schools.loc[pilot.schools["phase"] == "Middle deemed primary", "school_urn"]
    assert len(middle) == 2
    assert not set(middle) & set(reception["school_urn"])
    assert reception["school_urn"].nunique() == 68


def test_scores_for_a_year_group_use_that_years_answers(pilot):
    whole, reception = pilot.scores(), pilot.scores(year_group="R")
    keys = ["school_urn", "wave", "benchmark"]
    both = whole.merge(reception, on=keys, suffixes=("", "_r"))
    same = both[~both["benchmark"].isin(["p4", "p5"])]
    assert (same["n_met"] == same["n_met_r"]).all()
    asked_by_year = both[both["benchmark"] == "p5"]
    assert (asked_by_year["n_met_r"] >= asked_by_year["n_met"]).all()
    assert (asked_by_year["n_met_r"] > asked_by_year["n_met"]).any()


def test_school_characteristics_join_without_losing_a_row(pilot):
    scores = pilot.scores()
    joined = pilot.with_schools(scores, "la_name")
    assert len(joined) == len(scores)
    assert joined["la_name"].notna().all()


def test_an_unknown_year_group_is_refused(pilot):
    with pytest.raises(CareerBenchError, match="no row has year_group '9'"):
        pilot.scores(year_group="9")
