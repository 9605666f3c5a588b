"""A folder opened as one thing, or refused with every reason."""

import shutil
from pathlib import Path

import pytest

from careerbench import frameworks, study
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
    file = tmp_path / "pilot.release"
    file.touch()
    with pytest.raises(StudyError, match="found: a file, not a folder"):
        study.open_study(file)
    with pytest.raises(StudyError, match="no such folder"):
        study.open_study(tmp_path / "nowhere")


def test_every_fault_of_study_toml_is_listed(copied):
    edit(copied, "study.toml", 'schools = "schools.csv"', 'schools = "school.csv"\nscools = "x"')
    edit(copied, "study.toml", "opens = 2019-09-16", 'opens = "autumn"')
    with pytest.raises(StudyError) as caught:
        study.open_study(copied)
    said = str(caught.value)
    assert "has 3 faults" in said
    assert (
        "study.toml: schools = 'school.csv': there is no such file in the folder: did you mean 'schools.csv'?"
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
    assert said.str.contains("1 school is not in the register: '900999'").sum() == 1


def test_a_survey_that_the_study_has_not_is_answered_with_those_it_has(pilot):
    with pytest.raises(StudyError, match=r"did you mean 'pupils'\?"):
        pilot.scale_scores("pupil")


def test_one_file_for_each_wave_makes_one_study(copied, pilot):
    import pandas as pd

    audits = pd.read_csv(copied / "audits.csv", dtype="str")
    parts = []
    for wave in pilot.waves:
        mine = audits[audits["wave"] == wave.id].drop(columns="wave")
        mine.to_csv(copied / f"{wave.id}.csv", index=False)
        parts.append(f'[[audits]]\nfile = "{wave.id}.csv"\nwave = "{wave.title}"\n')
    edit(copied, "study.toml", 'audits = "audits.csv"\n', "")
    with (copied / "study.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(parts))
    opened = study.open_study(copied)
    pd.testing.assert_frame_equal(opened.scores(), pilot.scores())


def test_a_list_of_files_serves_as_well(copied, pilot):
    text = (copied / "audits.csv").read_text(encoding="utf-8").splitlines()
    half = len(text) // 2
    (copied / "b.csv").write_text("\n".join([text[0], *text[half:]]), encoding="utf-8")
    (copied / "audits.csv").write_text("\n".join(text[:half]), encoding="utf-8")
    edit(copied, "study.toml", 'audits = "audits.csv"', 'audits = ["audits.csv", "b.csv"]')
    assert len(study.open_study(copied).audits) == len(pilot.audits)


def test_the_same_audits_wide_give_the_same_scores(copied):
    import pandas as pd

    audits = pd.read_csv(copied / "audits.csv", dtype="str", keep_default_na=False)
    # in a wide row a year group without any answer was not asked, so that none may be blank here
    audits["answer"] = audits["answer"].replace("", "dont_know")
    audits.to_csv(copied / "audits.csv", index=False)
    keys = ["school_urn", "wave", "benchmark"]
    expected = study.open_study(copied).scores().astype({"wave": "str"}).sort_values(keys)
    year = audits["year_group"].map(
        lambda said: f" (Year {said})" if said.isdigit() else f" ({said})"
    )
    audits["column"] = audits["item"] + year.where(audits["year_group"] != "", "")
    units = ["school_urn", "wave", "audit_date"]
    wide = audits.pivot_table(index=units, columns="column", values="answer", aggfunc="first")
    wide.columns = wide.columns.str.replace("(R)", "(Reception)", regex=False)
    wide.reset_index().to_csv(copied / "audits.csv", index=False)
    found = study.open_study(copied).scores().astype({"wave": "str"}).sort_values(keys)
    assert found["state"].tolist() == expected["state"].tolist()
    assert found["n_met"].tolist() == expected["n_met"].tolist()


def test_a_wave_may_be_named_by_its_title(copied, pilot):
    edit(copied, "audits.csv", ",year_1,", ",End of Year 1,")
    assert study.open_study(copied).scores()["state"].tolist() == pilot.scores()["state"].tolist()


def test_a_survey_answer_off_its_scale_is_counted_and_never_shown(copied):
    edit(
        copied,
        "survey_teachers.csv",
        "\nte0010,900001,baseline,R,",
        "\nte0010,900001,baseline,R,secret",
        1,
    )
    with pytest.raises(TableProblemsError) as caught:
        study.open_study(copied)
    assert "1 answer not on the scale 'teacher-careers'" in str(caught.value)
    assert "secret" not in str(caught.value)
    opened = study.open_study(copied, on_problem="quarantine")
    assert len(opened.scale_scores("teachers")) > 0


def test_a_scale_item_without_a_column_is_a_warning_with_the_likely_one(copied):
    edit(copied, "survey_teachers.csv", "te_support", "te_suport")
    said = study.open_study(copied).problems.to_frame()
    row = said[said["problem"] == "no column for 'te_support' of the scale 'teacher-careers'"]
    assert row["hint"].tolist() == ["scored without them; did you mean 'te_suport'?"]


def test_an_activity_log_may_know_days_only(copied):
    import pandas as pd

    log = pd.read_csv(copied / "activities.csv", dtype="str").drop(columns="wave")
    log.to_csv(copied / "activities.csv", index=False)
    assert len(study.open_study(copied).activities) == len(log)


@pytest.mark.parametrize("name", ["../pilot/schools.csv", "/etc/hostname", "x" * 5000])
def test_a_file_outside_the_folder_is_refused(copied, name):
    edit(copied, "study.toml", 'schools = "schools.csv"', f'schools = "{name}"')
    with pytest.raises(StudyError, match="is no name of a file in this folder"):
        study.open_study(copied)


def test_answers_may_carry_the_quotes_and_dashes_of_a_word_processor(copied, pilot):
    edit(copied, "audits.csv", ",dont_know", ",Don\u2019t  know")
    edit(copied, "audits.csv", ",some", ",Some (26\u201350%)")
    edit(copied, "audits.csv", ",a_few", ",a few")
    assert study.open_study(copied).scores()["state"].tolist() == pilot.scores()["state"].tolist()


def test_a_column_is_never_joined_twice(pilot):
    joined = pilot.with_schools(pilot.scores(), "la_name")
    with pytest.raises(CareerBenchError, match="the table has 'la_name' already"):
        pilot.with_schools(joined, "la_name")
    with pytest.raises(CareerBenchError, match="the table has no column 'nope'"):
        pilot.with_schools(pilot.scores(), "nope")


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


def test_an_item_for_other_phases_is_not_put_to_the_studys_schools(copied, pilot):
    shipped = Path(frameworks.__file__).parent / "data" / "ne_primary_2019.toml"
    own = shipped.read_text(encoding="utf-8").replace(
        'id = "p8_staff"\n', 'id = "p8_staff"\nphases = ["Secondary"]\n'
    )
    (copied / "own.toml").write_text(own, encoding="utf-8")
    edit(copied, "study.toml", '"ne-primary-2019"', '"own.toml"')
    register = (copied / "schools.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (copied / "schools.csv").write_text("".join(register[:1] + register[2:]), encoding="utf-8")
    left_out = register[1].split(",")[0]

    def applicable(opened):
        scores = opened.scores()
        mine = scores[(scores["benchmark"] == "p8") & (scores["wave"] == "baseline")]
        return mine.set_index("school_urn")["n_applicable"]

    before, after = applicable(pilot), applicable(study.open_study(copied))
    fewer = before - after
    assert fewer[left_out] == 0, "a school that is not in the register is put every question"
    assert (fewer.drop(left_out) == 1).mean() > 0.9
    assert fewer.isin([0, 1]).all()
