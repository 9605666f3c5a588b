"""SPSS value labels and user-missing codes; REDCap dictionaries."""

import pandas as pd
import pytest

from careerbench.errors import MissingColumnsError, ReadError
from careerbench.loaders import load_redcap_dictionary, load_survey, questions_of, read_export
from careerbench.loaders.exports import redcap_choices

HEADER = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,Identifier?,'
    "Branching Logic (Show field only if...),Required Field?,Matrix Group Name,Field Annotation\n"
)


@pytest.fixture
def sav(tmp_path):
    import pyreadstat

    frame = pd.DataFrame(
        {"id": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "q1": [1.0, 2.0, 8.0, 9.0, 7.0, None]}
    )
    file = tmp_path / "s.sav"
    labels = {1: "Yes", 2: "No", 7: "Not applicable", 8: "Don't know", 9: "Refused"}
    pyreadstat.write_sav(
        frame,
        str(file),
        column_labels=["Number", "Do you know about jobs?"],
        variable_value_labels={"q1": labels},
        missing_ranges={"q1": [{"lo": 7, "hi": 9}]},
    )
    return file


def test_value_labels_are_answers_and_user_missing_codes_reasons(sav):
    frame = read_export(sav)
    assert list(frame) == ["id", "q1", "q1_reason"]
    assert frame["q1"].dropna().tolist() == ["Yes", "No"]
    assert frame["q1_reason"].dropna().tolist() == ["dont_know", "refused", "not_applicable"]
    asked = questions_of(frame).set_index("column")
    assert asked.loc["q1", ["question", "options"]].tolist() == [
        "Do you know about jobs?", "Yes | No",
    ]  # fmt: skip


def test_reasons_of_the_file_reach_the_survey_rows(sav, save):
    mapping = save(
        "m.toml",
        '[columns]\nrespondent = "id"\n[constants]\nschool_urn = "900001"\nwave = "b"\n'
        '[items]\nq = "Do you know about jobs?"\n[answers]\n"1" = "yes"\n"2" = "no"\n',
    )
    survey = load_survey(sav, mapping=mapping)
    assert survey["answer"].dropna().tolist() == ["yes", "no"]
    assert survey["answer_reason"].dropna().tolist() == [
        "dont_know", "refused", "not_applicable", "blank",
    ]  # fmt: skip


def test_a_dictionary_has_a_row_per_field_without_markup(save):
    rows = (
        'sex,m1,"<h3>About you</h3>",radio,"<div><p>Are you a <b>girl</b>?</p></div>",'
        '"1, Girl | 2, Boy, or other | 9, Prefer not to say",,,,y,,\n'
        "more,m1,,yesno,Tell more?,,,,[sex] = '1',,grid,@HIDDEN-PDF\n"
        "dob,m1,,text,Date of birth,,,y,,,,@HIDDEN\n"
        "sum,m1,,calc,Sum,[a]+[b],,,,,,\n"
    )
    frame = load_redcap_dictionary(save("d.csv", HEADER + rows))
    assert frame["label"].tolist() == ["Are you a girl?", "Tell more?", "Date of birth", "Sum"]
    assert frame["section"].iloc[0] == "About you"
    assert frame["n_choices"].tolist() == [3, 2, 0, 0]
    assert frame["is_hidden"].tolist() == [False, False, True, False]
    assert frame["is_identifier"].tolist() == [False, False, True, False]
    assert frame["branching"].iloc[1] == "[sex] = '1'"
    assert frame["matrix_group"].iloc[1] == "grid"
    assert frame["calculation"].iloc[3] == "[a]+[b]"
    choices = redcap_choices(frame)
    assert choices["label"].tolist() == ["Girl", "Boy, or other", "Prefer not to say", "Yes", "No"]
    assert choices["reason"].dropna().tolist() == ["refused"]


def test_other_files_are_no_dictionaries(save):
    with pytest.raises(MissingColumnsError, match="has no column 'Variable / Field Name'"):
        load_redcap_dictionary(save("d.csv", "a,b\n1,2\n"))
    with pytest.raises(ReadError, match="have no name of their own"):
        load_redcap_dictionary(save("e.csv", HEADER + "a,m,,text,A,,,,,,,\na,m,,text,A,,,,,,,\n"))
    with pytest.raises(ReadError, match="is a REDCap data dictionary"):
        read_export(save("f.csv", HEADER + "a,m,,text,A,,,,,,,\n"))
