"""Real files: each read right by its own facts."""

import pytest

from careerbench.loaders import load_redcap_dictionary, questions_of, read_export, source_of


@pytest.fixture
def real(shared_data):
    def find(name):
        file = shared_data / name
        if not file.exists():
            pytest.skip(f"the real file {name} is not here")
        return file

    return find


@pytest.mark.parametrize(
    ("name", "kind", "n_responses", "n_questions"),
    [
        ("surveymonkey/StarWars.csv", "SurveyMonkey", 1186, 33),
        ("surveymonkey/MIDWEST.csv", "SurveyMonkey", 2778, 10),
        ("surveymonkey/food-world-cup-data.csv", "SurveyMonkey", 1373, 48),
        ("surveymonkey/comma-survey.csv", "SurveyMonkey", 1129, 13),
        ("qualtrics/qualtrics_metadata_3header_text.csv", "Qualtrics", 92, 16),
        ("qualtrics/qualtrics_sample_3header_german.csv", "Qualtrics", 1, 20),
        ("spss_sav/pspp_hotel.sav", "SPSS", 17, 5),
    ],
)
def test_each_is_recognised_and_whole(real, name, kind, n_responses, n_questions):
    frame = read_export(real(name))
    assert any(said.startswith(kind) for said in source_of(frame).decisions)
    assert (len(frame), len(questions_of(frame))) == (n_responses, n_questions)


def test_star_wars_films_seen_are_counted_as_in_the_file(real):
    frame = read_export(real("surveymonkey/StarWars.csv"))
    asked = questions_of(frame).set_index("column")
    seen = next(name for name in frame if "films have you seen" in name)
    assert asked.loc[seen, ["kind", "n_options"]].tolist() == ["multiple", 6]
    counts = [
        frame[seen].str.split("; ").explode().eq(option).sum()
        for option in asked.loc[seen, "options"].split(" | ")
    ]
    assert counts == [673, 571, 550, 607, 758, 738]
    ranks = [name for name in frame if name.startswith("Please rank")]
    assert len(ranks) == 6
    assert set(asked.loc[ranks, "kind"]) == {"number"}


def test_midwest_options_are_single_where_one_was_to_be_chosen(real):
    frame = read_export(real("surveymonkey/MIDWEST.csv"))
    asked = questions_of(frame).set_index("column")
    assert asked.loc["Age", ["kind", "options"]].tolist() == [
        "choice", "< 18 | 18-29 | 30-44 | 45-60 | > 60",
    ]  # fmt: skip
    states = next(name for name in frame if name.startswith("Which of the following states"))
    assert frame[states].str.contains("Illinois").sum() == 1954
    assert not any("ZIP" in name for name in frame)


def test_qualtrics_previews_and_partial_responses_are_counted(real):
    file = real("qualtrics/qualtrics_metadata_3header_text.csv")
    apart = source_of(read_export(file)).decisions
    assert "6 partial responses kept apart" in apart
    assert "2 preview responses kept apart" in apart
    whole = read_export(file, include=["partial", "preview"])
    assert whole["response_state"].value_counts().to_dict() == {
        "complete": 92, "partial": 6, "preview": 2,
    }  # fmt: skip
    assert not {"IPAddress", "LocationLatitude", "LocationLongitude"} & set(whole)


def test_pisa_user_missing_codes_are_reasons(real):
    frame = read_export(real("pisa2018/pisa2018_student_subset.sav"))
    assert len(frame) == 673
    assert frame["EC150Q01WA"].value_counts().to_dict() == {"No, never": 242, "Yes": 65}
    assert frame["EC150Q01WA_reason"].value_counts().to_dict() == {
        "not_applicable": 311, "blank": 39,
    }  # fmt: skip
    assert frame["EC150Q01WA"].isna().sum() == 673 - 242 - 65


def test_the_age_of_wonder_dictionary_is_read_whole(real):
    name = "redcap/AoWModule1OnlineSurvey_DataDictionary_2023-06-15.csv"
    frame = load_redcap_dictionary(real(name))
    assert len(frame) == 223
    assert frame["field_type"].value_counts().to_dict() == {
        "text": 77, "radio": 77, "dropdown": 19, "descriptive": 19, "yesno": 19, "checkbox": 10,
        "notes": 2,
    }  # fmt: skip
    assert frame["branching"].notna().sum() == 111
    assert not frame["label"].str.contains("<", na=False).any()
    assert frame.set_index("field").loc["aw1_2_name_a4", "n_choices"] == 26
