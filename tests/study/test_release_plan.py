"""Which part of a study is released, said in study.toml or in a call."""

import pytest

from careerbench.errors import StudyError
from careerbench.study import open_study


def test_a_call_changes_what_it_names_and_keeps_the_rest(pilot):
    changed = pilot.with_release(surveys=["teachers"], depth={"school": 0}).release
    assert changed.surveys == ("teachers",)
    assert changed.depth == {**pilot.release.depth, "school": 0}
    assert changed.characteristics == pilot.release.characteristics
    assert changed.school_results
    assert pilot.release.surveys is None, "the study itself is as it was"


def test_a_value_that_cannot_be_used_is_refused_with_every_fault(pilot):
    with pytest.raises(StudyError) as refused:
        pilot.with_release(surveys=["pupil"], depth={"shool": 1}, school_results="yes")
    assert str(refused.value) == (
        "with_release: 3 faults.\n"
        "  found: \n"
        "    - release: school_results = 'yes' must be true or false\n"
        "    - release: there is no survey 'pupil'; known are 'pupils', 'teachers', "
        "'careers_leaders', 'school_reports'\n"
        "    - release: depth knows no 'shool'; known are 'programme', 'region_name', 'la_name', "
        "'school'\n"
        '  try:   with_release(surveys=["pupils"], depth={"school": 0})'
    )


def test_a_release_of_some_surveys_holds_no_other(pilot):
    from careerbench.disclosure import build_release

    plan = {"surveys": ["school_reports"], "characteristics": []}
    release = build_release(pilot.with_release(**plan))
    assert set(release.cells()["topic"]) == {"benchmarks", "school_reports"}
    assert set(release.labels()["dimension"]) & {"answer:pupils", "item:teachers"} == set()


def test_study_toml_names_the_surveys_to_release(sample_folder, tmp_path):
    for file in sample_folder.glob("*.csv"):
        (tmp_path / file.name).symlink_to(file)
    text = (sample_folder / "study.toml").read_text(encoding="utf-8")
    file = tmp_path / "study.toml"
    file.write_text(text + 'surveys = ["teachers"]\n', encoding="utf-8")
    assert open_study(tmp_path).release.surveys == ("teachers",)
    file.write_text(text + 'surveys = ["parents"]\n', encoding="utf-8")
    with pytest.raises(StudyError, match="release: there is no survey 'parents'"):
        open_study(tmp_path)


def test_a_characteristic_that_no_survey_has_is_an_error_with_what_was_meant(
    sample_folder, tmp_path
):
    for file in sample_folder.glob("*.csv"):
        (tmp_path / file.name).symlink_to(file)
    text = (sample_folder / "study.toml").read_text(encoding="utf-8")
    file = tmp_path / "study.toml"
    file.write_text(text + 'characteristics = ["sex", "fms"]\n', encoding="utf-8")
    found = open_study(tmp_path, on_problem="quarantine").problems.to_frame()
    mine = found[found["column"] == "release"]
    assert mine["problem"].tolist() == ["no survey has the characteristic 'fms'"]
    assert mine["hint"].tolist() == ["did you mean 'fsm'?"]
