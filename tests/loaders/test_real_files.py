"""The loaders on files as the Department for Education published them."""

import pytest

from careerbench.loaders import (
    labels_of,
    load_links,
    load_schools,
    problems_of,
    read_table,
    source_of,
)


@pytest.fixture(scope="module")
def register(real):
    return load_schools(real("gias/edubaseallstatefunded20250717.csv"))


def test_the_register_of_july_2025_has_every_school(register):
    assert len(register) == 22_010
    assert len(problems_of(register)) == 0
    assert register["school_urn"].is_unique
    assert register["school_urn"].str.fullmatch("[0-9]{6}").all()


def test_blank_and_placeholder_dates_of_the_register_are_told_apart(register):
    assert register["open_date_reason"].value_counts().to_dict() == {
        "blank": 9_116,
        "placeholder": 209,
    }
    assert register["open_date"].notna().sum() == 22_010 - 9_116 - 209


def test_identifiers_of_the_register_stay_text(register):
    assert register["ukprn"].isna().sum() == 347
    assert register["school_laestab"].str.fullmatch("[0-9]{7}").all()
    first = register.set_index("school_urn").loc["100000"]
    assert first["school_laestab"] == "2013614"
    assert first["telephone"] == "02072831147"
    assert (first["statutory_low_age"], first["statutory_high_age"]) == (3, 11)


def test_accents_of_the_register_are_read(register):
    assert register["school_name"].str.contains("à Becket").any()
    assert register["school_website"].str.len().gt(0).any()
    assert source_of(register).decisions[0].startswith("encoding cp1252")


def test_the_register_names_nobody(register):
    assert not [name for name in register if "head" in name and name != "head_job_title"]
    assert register.shape[1] == 33 - 3 + 1 + 3  # less names, plus LAESTAB and three reasons


def test_a_ragged_vintage_keeps_its_spilled_cells(real):
    schools = load_schools(real("gias/gias_search_results_20220420.csv"))
    assert len(schools) == 1_096
    assert {"unnamed_1", "unnamed_2", "unnamed_3"} <= set(schools)
    assert (schools["school_status"] == "Closed").sum() == 368
    assert schools["percentage_fsm"].between(0, 100).sum() == 800
    assert schools["percentage_fsm_reason"].value_counts().to_dict() == {"blank": 296}
    assert schools["new_la_code"].mode()[0] == "E10000030"  # Surrey
    raw = read_table(real("gias/gias_search_results_20220420.csv"))
    assert raw.shape == (1_096, 114)


def test_every_link_comes_through(real):
    links = load_links(real("gias/links_edubasealldata20250422.csv"))
    assert len(links) == 33_801
    assert links["link_type"].nunique() == 17
    assert links["link_date_reason"].value_counts().to_dict() == {"blank": 8_253}
    assert (links["link_type"] == "Successor").sum() == 16_451


def test_mac_roman_headings_are_read(real):
    table = read_table(real("surveymonkey/food-world-cup-data.csv"))
    assert source_of(table).decisions[0].startswith("encoding mac_roman")
    assert not [name for name in table if "Ê" in name]


def test_ragged_performance_tables_keep_every_column(real):
    table = read_table(real("performance_tables/2018-2019/936_ks4final.csv"))
    assert table.shape[1] == 507
    assert (table == "SUPP").to_numpy().any()


def test_a_workbook_of_32844_areas_is_read(real):
    name = "deprivation/File_3_-_IoD2019_Supplementary_Indices_-_IDACI_and_IDAOPI.xlsx"
    table = read_table(real(name))
    assert len(table) == 32_844
    assert not table.iloc[:, -1].str.endswith(".0").any()


def test_the_register_of_all_schools_reads_from_gzip(real):
    schools = load_schools(real("gias/dfe_register_all_schools_open_and_closed.csv.gz"))
    assert len(schools) == 49_514
    closed = schools["close_date"].notna() | (schools["close_date_reason"] == "placeholder")
    assert closed.sum() == 22_182


def test_columns_of_older_vintages_keep_their_names(real):
    schools = load_schools(real("gias/gias_search_results_20220420.csv"))
    named = {
        "region_name", "urban_rural", "rsc_region", "country", "ofsted_rating", "lsoa_code",
        "section41_approved", "ofsted_last_inspection",
    }  # fmt: skip
    assert named <= set(schools)


def test_a_nomis_workbook_reads_between_its_titles_and_footnotes(real):
    table = read_table(real("lmi_soc/nomis_aps_occupation_by_lad_202207.xlsx"))
    assert table.shape == (402, 79)
    assert table.columns[0] == "Area"
    assert [name.rsplit(" / ")[-1] for name in table.columns[1:4]] == ["number", "Flags", "conf"]
    assert (table["Area"].iloc[0], table["Area"].iloc[-1]) == (
        "country:England",
        "lep:Leeds City Region",
    )
    assert source_of(table).decisions[1:] == (
        "headings in rows 7 to 8, joined with ' / '",
        "4 rows above the headings passed over: titles, too narrow for a table 79 columns wide",
        "rows 411 to 415 below the table left out: footnotes (skip_footer=0 keeps them)",
    )


def test_formula_cells_have_the_value_they_were_saved_with(real):
    table = read_table(real("geography/old_LAs_formula_cells.xlsx"), sheet="LADs")
    copeland = table.set_index("LADNM").loc["Copeland"]
    assert (copeland["LAD23NM"], copeland["LAD23CD"]) == ("Cumberland", "E06000063")


def test_two_rows_of_headings_are_left_to_whoever_knows_the_export(real):
    for name in ("StarWars", "MIDWEST"):
        decisions = source_of(read_table(real(f"surveymonkey/{name}.csv"))).decisions
        assert "headings in row 1" in decisions
        assert "header_rows=2 joins them" in decisions[-1]


def test_codes_and_labels_of_pisa_are_kept_side_by_side(real):
    table = read_table(real("pisa2018/pisa2018_student_subset.sav"))
    assert table.shape == (673, 1_120)
    labels = labels_of(table)
    assert sum(bool(codes) for codes in labels.values.values()) == 941
    assert labels.missing["ST004D01T"] == (("5", "9"),)
    assert table["OCOD3"].str.fullmatch("[0-9]{4}").sum() > 600


def test_every_file_has_the_rows_and_columns_that_its_list_says(shared_data):
    import csv

    with (shared_data / "MANIFEST.csv").open(encoding="utf-8") as file:
        listed = [each for each in csv.DictReader(file) if each["columns"]]
    titled = "working_futures"  # titles above, and blank columns
    plain = [each for each in listed if titled not in each["path"] and not each["note"]]
    plain = [each for each in plain if "screener_fixtures/fail" not in each["path"]]
    found = {}
    for each in plain:
        table = read_table(shared_data / each["path"])
        assert source_of(table).sha256 == each["sha256"]
        found[each["path"]] = (str(len(table)), str(table.shape[1]))
    assert found == {each["path"]: (each["data_rows"], each["columns"]) for each in plain}
