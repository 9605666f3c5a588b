"""Faults that attackers found, each kept from coming back."""

import zipfile

import pandas as pd
import pytest

from careerbench import loaders
from careerbench.errors import CareerBenchError


def test_surveymonkey_with_start_and_end_dates_is_not_taken_for_qualtrics(save):
    head = "Respondent ID,Collector ID,Start Date,End Date,IP Address,How are you?,,\n"
    second = ",,,,,Response,,\n"
    rows = "".join(f"{n},1,01/01/2024,01/01/2024,10.0.0.1,Well,,\n" for n in range(4))
    frame = loaders.read_export(save("sm.csv", head + second + rows))
    assert len(frame) == 4
    assert "SurveyMonkey" in " ".join(loaders.source_of(frame).decisions)


def test_a_mostly_numeric_column_left_as_text_is_a_warning(save):
    cells = ["1", "2", "3", "*", "5", "6"]
    rows = "".join(
        f"20202{n % 2 + 1},National,{cell}\n".replace("20202", "20202")
        for n, cell in enumerate(cells)
    )
    rows = rows.replace("202022", "202021")
    frame = loaders.load_ees(save("e.csv", "time_period,geographic_level,n\n" + rows))
    said = loaders.problems_of(frame).to_frame()
    assert said["problem"].tolist() == ["1 cell neither numbers nor known symbols: kept as text"]


def test_respondents_called_by_their_address_are_an_error_that_shows_none(save):
    text = "respondent,school_urn,wave,year_group,q1\nann@example.org,900001,w,3,1\n"
    with pytest.raises(CareerBenchError) as caught:
        loaders.load_survey(save("s.csv", text))
    assert "the respondent is an e-mail address" in str(caught.value)
    assert "ann@" not in str(caught.value)


def test_a_name_typed_where_a_pupil_number_belongs_is_left_out(save, tmp_path):
    key = loaders.make_study_key(tmp_path / "study.key")
    rows = "".join("B801200005001,Yes\n" for _ in range(12))
    frame = loaders.read_export(save("u.csv", "UPN,Do you?\n" + rows + "Ann Lee,No\n"), key=key)
    assert "Ann" not in frame.to_csv()
    assert "1 cell of 'UPN' that hold no pupil number left out" in " ".join(
        loaders.source_of(frame).decisions
    )


@pytest.mark.parametrize("heading", ["HeadName", "HeadEmail", "Principal e-mail", "Chair"])
def test_people_added_to_a_register_are_dropped(save, heading):
    text = f"URN,EstablishmentName,{heading}\n900001,Hill School,ann@example.org\n"
    frame = loaders.load_schools(save("r.csv", text))
    assert "ann@" not in frame.to_csv()


def test_a_providers_number_loses_the_point_a_spreadsheet_gave_it(save):
    text = "URN,EstablishmentName,UKPRN\n900001,Hill School,10079319.0\n900002,Dale School,\n"
    frame = loaders.load_schools(save("r.csv", text))
    assert frame["ukprn"].dropna().tolist() == ["10079319"]
    assert "'.0' taken off 1 UKPRN" in loaders.source_of(frame).decisions


def test_a_school_called_source_is_no_footnote(save):
    frame = loaders.read_table(save("t.csv", "Name,N,M\nA,3,1\nB,4,2\nSource Primary School,,\n"))
    assert frame["Name"].tolist() == ["A", "B", "Source Primary School"]


def test_a_mapping_without_items_is_refused(save):
    export = save("g.csv", "Timestamp,Which year?,Do you like it?\n2024/01/01 10:00,3,Yes\n")
    mapping = save(
        "m.toml",
        'export = "google_forms"\nrespondent = "#row"\n[constants]\nschool_urn = "900001"\nwave = "w"\n[items]\n',
    )
    with pytest.raises(CareerBenchError):
        loaders.load_survey(export, mapping=mapping)


def test_only_the_expected_columns_of_the_real_register_are_dropped(shared_data):
    frame = loaders.load_schools(shared_data / "gias" / "gias_search_results_20220420.csv")
    dropped = [said for said in loaders.source_of(frame).decisions if "dropped" in said]
    assert len(dropped) == 1
    assert "Head" in dropped[0]
    assert isinstance(frame, pd.DataFrame)
    assert {"trusts", "federation", "religious_ethos"} <= set(frame.columns)


def test_a_member_that_an_archive_has_not_is_answered_with_the_nearest(tmp_path):
    file = tmp_path / "two.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("audits.csv", "a,b\n1,2\n")
        archive.writestr("schools.csv", "a,b\n1,2\n")
    with pytest.raises(CareerBenchError) as caught:
        loaders.read_table(file, member="audit.csv")
    assert str(caught.value) == (
        "read_table: 'two.zip' has no member 'audit.csv'.\n"
        "  found: 'audits.csv', 'schools.csv'\n"
        "  try:   did you mean 'audits.csv'?"
    )
