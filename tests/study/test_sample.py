"""The sample study: rebuilt byte by byte, made up throughout, quirks in place."""

import csv
from collections import defaultdict

import pandas as pd
import pytest

from careerbench import study
from careerbench.errors import StudyError

WITH_LEADERS_GOOD = {
    "cl_design": {"baseline": 12, "year_2": 87},
    "cl_monitor": {"baseline": 6, "year_2": 83},
}


def test_the_committed_sample_is_what_the_recipe_makes(sample_folder, tmp_path):
    written = study.write_sample(tmp_path / "sample")
    assert {path.name for path in written} == {path.name for path in sample_folder.iterdir()}
    for path in written:
        assert path.read_bytes() == (sample_folder / path.name).read_bytes(), path.name


def test_another_seed_gives_another_study_of_the_same_shape(tmp_path):
    study.write_sample(tmp_path / "other", seed=1)
    other = study.open_study(tmp_path / "other")
    assert other.problems.n_errors == 0
    assert other.scores()["school_urn"].nunique() == 70


def test_a_folder_of_something_else_is_not_written_into(tmp_path):
    (tmp_path / "thesis.docx").write_text("dear reader")
    with pytest.raises(StudyError, match="holds files of something else"):
        study.write_sample(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_study_that_was_edited_is_not_written_over(tmp_path):
    study.write_sample(tmp_path / "mine")
    study.write_sample(tmp_path / "mine")  # nothing to lose
    edited = tmp_path / "mine" / "study.toml"
    edited.write_text(edited.read_text(encoding="utf-8") + "# mine", encoding="utf-8")
    with pytest.raises(StudyError, match="'mine' holds another study") as caught:
        study.write_sample(tmp_path / "mine")
    assert "found: 'study.toml'" in str(caught.value)
    assert edited.read_text(encoding="utf-8").endswith("# mine")
    study.write_sample(tmp_path / "mine", overwrite=True)
    assert not edited.read_text(encoding="utf-8").endswith("# mine")


def test_a_place_that_cannot_be_written_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StudyError, match="cannot be written"):
        study.write_sample(tmp_path / "file")


def test_no_made_up_school_has_a_real_schools_name_or_number(pilot, shared_data):
    path = shared_data / "gias" / "edubaseallstatefunded20250717.csv"
    with path.open(encoding="cp1252", newline="") as file:
        real = {(row["URN"], row["EstablishmentName"].casefold()) for row in csv.DictReader(file)}
    assert not set(pilot.schools["school_urn"]) & {urn for urn, _ in real}
    assert not set(pilot.schools["school_name"].str.casefold()) & {name for _, name in real}


def test_seventy_schools_in_the_seven_authorities(pilot):
    assert pilot.scores()["school_urn"].nunique() == 70
    assert sorted(pilot.schools["la_name"].unique()) == [
        "County Durham", "Gateshead", "Newcastle upon Tyne", "North Tyneside", "Northumberland",
        "South Tyneside", "Sunderland",
    ]  # fmt: skip


def test_each_benchmark_is_achieved_by_some_school_at_the_end_of_year_1(pilot):
    scores = study.select(pilot.scores(), wave="year_1")
    achieved = scores[scores["state"] == "achieved"].groupby("benchmark").size()
    assert (achieved >= 1).all()
    assert len(achieved) == 8


def test_careers_leaders_follow_the_published_shares(sample_folder):
    # North East LEP: 12% to 87% (design and deliver), 6% to 83% (monitor), good or very good.
    with (sample_folder / "survey_careers_leaders.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for item, shares in WITH_LEADERS_GOOD.items():
        for wave, percent in shares.items():
            answers = [row[item] for row in rows if row["wave"] == wave]
            good = sum(answer in {"4", "5"} for answer in answers)
            assert int(100 * good / len(answers) + 0.5) == percent


def test_schools_report_the_published_shares_of_change(pilot):
    # North East LEP and NE Times: 72%, 81%, 89% of responding schools at the end of Year 1.
    answers = pilot.surveys["school_reports"].responses.query("wave == 'year_1'")
    for item, percent in {"sr_aware": 72, "sr_links": 81, "sr_plans": 89}.items():
        said = answers.loc[answers["item"] == item, "answer"]
        assert int(100 * (said == "yes").mean() + 0.5) == percent


def test_planted_quirks_are_found_and_none_is_an_error(pilot):
    said = pilot.problems.to_frame()
    assert pilot.problems.n_errors == 0
    assert said["problem"].str.contains("lies outside wave").sum() == 5
    assert said["problem"].str.contains("have no audit in wave").sum() == 2
    scores = pilot.scores().drop_duplicates(["school_urn", "wave"])
    assert (scores["n_audits"] == 2).sum() == 4


def test_the_school_that_changed_its_number_is_one_school(pilot):
    school = pilot.audits[pilot.audits["school_urn"] == "900071"]
    assert school.groupby("wave", sort=False)["reported_urn"].first().to_dict() == {
        "baseline": "900007", "year_1": "900007", "year_2": "900071",
    }  # fmt: skip
    assert "900007" not in set(pilot.scores()["school_urn"])


def test_pupils_move_up_a_year_before_the_last_wave(pilot):
    pupils = pilot.surveys["pupils"].responses.drop_duplicates(["respondent", "wave"])
    years = pupils.pivot_table(
        index="respondent", columns="wave", values="year_group", aggfunc="first"
    )
    both = years.dropna(subset=["year_1", "year_2"])
    order = ["R", *"123456"]
    moved = both["year_2"].map(order.index) - both["year_1"].map(order.index)
    assert (moved == 1).all()


def recompute(folder):
    """Score the sample from its CSV with plain Python and the rules its README states."""
    with (folder / "audits.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    latest = defaultdict(str)
    for row in rows:
        key = (row["school_urn"], row["wave"])
        latest[key] = max(latest[key], row["audit_date"])
    answers = defaultdict(list)
    for row in rows:
        if row["audit_date"] == latest[row["school_urn"], row["wave"]]:
            answers[row["school_urn"], row["wave"], row["item"]].append(row["answer"])
    criteria = {
        "p1": [["p1_programme", "p1_aspirations"], ["p1_progression"],
               ["p1_known_pupils", "p1_known_parents", "p1_known_staff"]],
        "p2": [["p2_pupils"], ["p2_parents"]],
        "p3": [["p3_tailored"], ["p3_equality"], ["p3_stereotypes"]],
        "p4": [["p4_linked"], ["p4_skills"], ["p4_stem"]],
        "p5": [["p5_encounter"], ["p5_range"]],
        "p6": [["p6_experience", "p6_reflection"]],
        "p7": [["p7_encounter"]],
        "p8": [["p8_staff", "p8_adviser"]],
    }  # fmt: skip
    said_nothing = {"", "dont_know"}
    for (urn, wave), parts in ((unit, criteria) for unit in latest):
        for benchmark, groups in parts.items():
            met, answered = {}, 0
            for item in [item for group in groups for item in group]:
                given = answers[urn, wave, item]
                met[item] = all(answer in {"in_place", "all"} for answer in given)
                answered += any(answer not in said_nothing for answer in given)
            rule = any if benchmark == "p8" else all
            achieved = all(rule(met[item] for item in group) for group in groups)
            state = "achieved" if achieved else "partial" if any(met.values()) else "not achieved"
            yield (
                urn,
                wave,
                benchmark,
                sum(met.values()),
                answered,
                state if answered else "not scored",
            )


def test_scores_equal_those_recomputed_by_hand_from_the_csv(pilot, sample_folder):
    names = ["school_urn", "wave", "benchmark", "n_met", "n_answered", "state"]
    expected = pd.DataFrame(recompute(sample_folder), columns=names)
    expected["school_urn"] = expected["school_urn"].replace("900007", "900071")
    found = pilot.scores()[names].astype({"wave": "str"})
    keys = names[:3]
    pd.testing.assert_frame_equal(
        found.sort_values(keys, ignore_index=True), expected.sort_values(keys, ignore_index=True)
    )
