"""The publisher's rules for data and metadata: each broken on its own, and DfE's own fixtures."""

import re

import pandas as pd
import pytest

from careerbench.errors import MissingColumnsError, ReadError
from careerbench.loaders import Problems, screen_ees

FIXTURES = "ees/screener_fixtures"

DATA = """time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,sex,pupil_count,pupil_percent
201920,Academic year,National,E92000001,England,,,,,,Total,100,5.1
201920,Academic year,National,E92000001,England,,,,,,Girls,60,z
201920,Academic year,Regional,E92000001,England,E12000001,North East,,,,Total,40,c
201920,Academic year,Regional,E92000001,England,E12000001,North East,,,,Girls,20,low
201920,Academic year,Local authority,E92000001,England,E12000001,North East,390,E08000037,Gateshead,Total,9,0
201920,Academic year,Local authority,E92000001,England,E12000001,North East,390,E08000037,Gateshead,Girls,5,-1
"""
META = """col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column
sex,Filter,Sex,,,,Filter by sex,
pupil_count,Indicator,Number of pupils,Pupils,,0,,
pupil_percent,Indicator,Percentage of pupils,Pupils,%,1,,
"""


@pytest.fixture
def screen(tmp_path):
    def run(data=DATA, meta=META, *, name="pupils.csv", meta_name="pupils.meta.csv", **options):
        (tmp_path / name).write_text(data, encoding="utf-8")
        if meta is not None:
            (tmp_path / meta_name).write_text(meta, encoding="utf-8")
        return screen_ees(tmp_path / name, tmp_path / meta_name, **options)

    return run


def errors_of(problems):
    table = problems.to_frame()
    return table.loc[table["severity"] == "error", "problem"].tolist()


def test_a_sound_pair_has_no_faults(screen):
    problems = screen()
    assert isinstance(problems, Problems)
    assert problems.to_frame()["problem"].tolist() == []


BROKEN_DATA = {
    "a level nobody knows": (",Regional,", ",Region,", "'Region' is not a geographic_level"),
    "a blank level": (",Regional,", ",,", "geographic_level is blank"),
    "an identifier nobody knows": ("Academic year", "School year", "'School year' is not a time_identifier"),
    "a period with letters": ("201920,", "2019Q4,", "time_period '2019Q4' is not a four or six digit"),
    "years that do not follow": ("201920,", "201921,", "time_period '201921' is not two consecutive"),
    "a period too short": ("201920,", "2019,", "time_period '2019' does not go with time_identifier 'Academic year'"),
    "a missing mandatory column": ("country_name", "country_title", "the mandatory column 'country_name' is missing"),
    "a variable with a space": ("sex,", "pupil sex,", "the variable name 'pupil sex' has spaces"),
    "a variable not in the metadata": ("sex,", "gender,", "the variable 'gender' of the data file is not in"),
    "a blank filter": ("Girls,20", ",20", "the filter sex is blank in 1 row"),
    "white space in a filter": ("Girls,20", " Girls,20", "sex has white space before or after ' Girls'"),
    "All where Total is expected": ("Total", "All", "the filter sex has 'All' where Total is expected"),
    "a filter of one level": ("Girls", "Total", "the filter sex has fewer than two levels"),
    "a blank indicator": ("Girls,60,z", "Girls,60,", "the indicator pupil_percent is blank in 1 row"),
    "a legacy symbol": ("Girls,60,z", "Girls,60,~", "the indicator pupil_percent has the legacy symbol '~'"),
    "an indicator in words": ("Girls,60,z", "Girls,sixty,z", "has 'sixty', which is no number and no symbol"),
    "a null": ("Girls,60,z", "Girls,60,NULL", "pupil_percent has the null symbol 'NULL' in 1 row"),
    "a place called Total": ("Regional,E92000001,England,E12000001,North East", "Regional,E92000001,England,E12000001,Total", "the observational unit region_name has 'Total'"),
    "a region under another's code": ("E12000001,North East,,,,Total", "E12000002,North East,,,,Total", "'E12000002' and 'North East'"),
    "a country under another's code": ("E92000001", "K02000001", "'K02000001' and 'England'"),
    "a code of the wrong form": ("E08000037", "E0800037", "'E0800037' is not a new_la_code"),
    "an authority of two names": ("Gateshead,Girls", "Sunderland,Girls", "'E08000037' has several la_name in one year"),
    "an authority of two old codes": ("390,E08000037,Gateshead,Girls", "391,E08000037,Gateshead,Girls", "'E08000037' has several old_la_code"),
    "x under a real name": ("E08000037", "x", "the code 'x' with the name 'Gateshead'"),
    "a real code for Not available": ("Gateshead", "Not available", "the name 'Not available' with the code 'E08000037'"),
    "a level not completed": ("E12000001,North East,,,,Total", "E12000001,,,,,Total", "region_name is not completed for geographic_level 'Regional'"),
    "a level overcompleted": ("National,E92000001,England,,,,,", "National,E92000001,England,E12000001,North East,,,", "region_code is overcompleted"),
    "a missing column of a level": ("la_name", "la_title", "the column 'la_name' of that level is missing"),
    "rows that stand twice": ("Girls,60,z\n", "Girls,60,z\n201920,Academic year,National,E92000001,England,,,,,,Girls,61,7\n", "duplicate rows: 1 agree"),
    "an empty row": ("Girls,60,z\n", "Girls,60,z\n,,,,,,,,,,,,\n", "the file has empty rows: 1 row"),
    "an empty column": ("pupil_percent\n", "pupil_percent,\n", "the file has empty columns: 1 column"),
    "a name used twice": ("pupil_percent\n", "pupil_count\n", "duplicate variable name: 'pupil_count'"),
    "identifiers that do not mix": ("Academic year,Local", "Autumn term,Local", "mixes time identifiers that do not go together"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_DATA)
def test_each_fault_of_the_data_is_named(screen, case):
    old, new, said = BROKEN_DATA[case]
    assert old in DATA
    assert [error for error in errors_of(screen(DATA.replace(old, new))) if said in error]


BROKEN_META = {
    "a missing mandatory column": ("filter_hint,", "hint,", "the mandatory column 'filter_hint' is missing"),
    "a column that does not belong": ("filter_hint,", "hint,", "'hint' is an invalid column of the metadata"),
    "a type nobody knows": ("pupil_count,Indicator", "pupil_count,Measure", "col_type has invalid values: 'Measure'"),
    "a blank type": ("pupil_count,Indicator", "pupil_count,", "col_type is blank in 1 row"),
    "a blank name": ("pupil_count,Ind", ",Ind", "col_name is not completed in 1 row"),
    "a name with a space": ("pupil_count,Ind", "pupil count,Ind", "col_name has spaces: 'pupil count'"),
    "a name used twice": ("pupil_count,Ind", "pupil_percent,Ind", "col_name has duplicate values: 'pupil_percent'"),
    "a blank label": ("Number of pupils", " ", "label is blank in 1 row"),
    "a label used twice": ("Number of pupils", "Percentage of pupils", "duplicate label: 'Percentage of pupils'"),
    "a unit of a filter": ("Sex,,,,", "Sex,,%,,", "indicator_unit is completed for filters: 'sex'"),
    "a unit nobody knows": (",%,", ",$,", "indicator_unit '$' is not a valid unit"),
    "decimal places of a filter": ("Sex,,,,", "Sex,,,1,", "indicator_dp is completed for filters: 'sex'"),
    "half a decimal place": (",,0,", ",,0.5,", "indicator_dp has values that are not whole numbers: '0.5'"),
    "negative decimal places": (",,0,", ",,-2,", "indicator_dp has values that are negative"),
    "decimal places of some": (",,0,", ",,,", "indicator_dp is not completed for 1 of 2 indicators"),
    "a grouping of a filter": ("Sex,,,,", "Sex,Pupils,,,", "indicator_grouping is completed for filters"),
    "groupings that are nearly one": ("pupils,Pupils,%", "pupils,Pup-ils,%", "differ in punctuation only: 'Pupils', 'Pup-ils'"),
    "a hint of an indicator": (",,0,,", ",,0,Which,", "filter_hint is completed for indicators: 'pupil_count'"),
    "a group of an indicator": (",,0,,", ",,0,,sex", "filter_grouping_column is completed for indicators"),
    "a group not in the data": ("by sex,", "by sex,sex_group", "the filter group 'sex_group' of the metadata is not in the data"),
    "a variable not in the data": ("sex,Filter", "gender,Filter", "the variable 'gender' of the metadata is not in the data"),
    "a place as filter": ("sex,Filter", "region_name,Filter", "the observational unit 'region_name' is in the metadata"),
    "more rows than columns": (META.splitlines()[1] + "\n", "".join(f"f{i},Filter,F{i},,,,,\n" for i in range(9)), "the metadata have more rows (11)"),
    "a null": ("Filter by sex", "NA", "filter_hint has the null symbol 'NA'"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_META)
def test_each_fault_of_the_metadata_is_named(screen, case):
    old, new, said = BROKEN_META[case]
    assert old in META
    assert [error for error in errors_of(screen(meta=META.replace(old, new))) if said in error]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sex", "ethnic_group", "'ethnic_group' is a non-standard header"),
        ("sex", "schoolName", "the filter 'schoolName' appears to be a geographic column"),
        (
            "pupil_count",
            "white_pupils",
            "'white_pupils' is smushed together with a filter: 'white'",
        ),
    ],
)
def test_names_that_break_the_standards_are_refused(screen, old, new, said):
    assert said in " ".join(errors_of(screen(DATA.replace(old, new), META.replace(old, new))))


def test_names_of_files_are_checked(screen):
    errors = errors_of(screen(name="my data+.csv", meta_name="other.meta.csv"))
    assert errors[:2] == ["the file name has spaces", "the file name has special characters: '+'"]
    assert "do not follow the naming convention: 'my data+.csv' and 'other.meta.csv'" in errors[2]
    assert "is not .csv" in errors_of(screen(name="pupils.txt"))[0]


def test_missing_metadata_and_missing_data_are_told_apart(screen, tmp_path):
    errors = errors_of(screen(meta=None))
    assert errors == [
        "the naming convention is not kept: there is no metadata file 'pupils.meta.csv'"
    ]
    with pytest.raises(ReadError, match=r"there is no file 'nothing\.csv'"):
        screen_ees(tmp_path / "nothing.csv")


def test_other_separators_are_refused(screen):
    assert errors_of(screen(DATA.replace(",", ";"))) == [
        "the file separator is a semicolon, not a comma"
    ]


def test_schools_and_providers_do_not_mix(screen):
    data = DATA.replace("Regional", "School").replace("Local authority", "Provider")
    assert "(School and Provider)" in " ".join(errors_of(screen(data)))


def test_a_fault_says_where_it_is(screen):
    table = screen(DATA.replace("Girls,60,z", "Girls,60,~")).to_frame()
    assert table[["file", "row", "column"]].to_numpy().tolist() == [
        ["pupils.csv", 3, "pupil_percent"]
    ]
    assert table["hint"].tolist() == ["a number, or one of 'z', 'x', 'c', 'low', 'k', 'u'"]


def test_wards_are_checked_against_a_list_the_user_has(screen):
    ward = DATA.replace("Local authority,E92", "Ward,E92")
    ward = ward.replace("la_name,", "la_name,ward_code,ward_name,").replace(",,,,,", ",,,,,,,")
    ward = ward.replace("East,,,,", "East,,,,,,").replace(
        "Gateshead,", "Gateshead,E05000001,Diamond Castle,"
    )
    assert errors_of(screen(ward)) == []
    known = pd.DataFrame({"code": ["E05000001"], "name": ["Crystal Palace"]})
    assert "'E05000001' and 'Diamond Castle'" in errors_of(screen(ward, places=known))[0]
    with pytest.raises(MissingColumnsError, match="no column 'name'"):
        screen(ward, places=known[["code"]])


# What each of DfE's fixtures is refused for: a phrase in the text of one of its errors.
REFUSED_FOR = {
    "adding_z_locationCode": "the code 'z' with the name",
    "blanks_filters": "the filter school_type is blank",
    "col_name_completed": "col_name is not completed in 3 rows",
    "col_name_duplicate": "col_name has duplicate values: 'school_type'",
    "col_type": "col_type has invalid values: 'Measure', 'indicator', 'Filterer'",
    "col_type_blank": "col_type is blank",
    "data_to_meta_crosscheck": "the variable 'colours' of the data file is not in the metadata",
    "data_variable_spaces": "the variable name 'school phase' has spaces",
    "duplicate_rows": "duplicate rows",
    "duplicate_variable_names": "duplicate variable name: 'enrolments_pa_10_exact'",
    "ethnicity_characteristics_filter_wrong_group_and_values": "characteristic_group 'Ethnic Minority'",
    "fails_allchecks": "duplicate rows",
    "fails_file validation": "the file name has spaces",
    "fails_prescreening1": "'England' is not a geographic_level",
    "file_separator": "the file separator is a tab",
    "filename spaces": "the file name has spaces",
    "filter_group_duplicate": "filter_grouping_column has duplicate values: 'school_phase'",
    "filter_group_level": "the filter group school_type has more levels (4)",
    "filter_group_stripped": "the filter group school_phase has values that differ in punctuation",
    "filter_hint": "filter_hint is completed for indicators",
    "geographic_catch": "'schoolName' appears to be a geographic column",
    "geographic_level": "'Nation' is not a geographic_level",
    "geography_level_present": "the column 'region_code' of that level is missing",
    "indicator_dp_completed": "indicator_dp is not completed for 3 of 7 indicators",
    "indicator_dp_negative": "indicator_dp has values that are negative",
    "indicator_dp_validation": "indicator_dp has values that are not whole numbers: 'two'",
    "indicator_group_stripped": "indicator_grouping has values that differ in punctuation only",
    "indicator_unit": "indicator_unit is completed for filters: 'school_type'",
    "indicator_unit_validation": "indicator_unit '$' is not a valid unit",
    "invalid_meta_cols": "'invalidColumn' is an invalid column of the metadata",
    "la_col_present": "the local authority columns are not all present: 'la_name' missing",
    "label": "label is blank in 2 rows",
    "label_blank_notNA": "label is blank in 1 row",
    "lep_combinations": "local_enterprise_partnership_code and local_enterprise_partnership_name",
    "lsip_combinations": "invalid combination of lsip_code and lsip_name",
    "meta_mandatory_cols": "the mandatory column 'indicator_dp' is missing",
    "meta_to_data_crosscheck": "the variable 'superfluous_variable' of the metadata is not in",
    "multiple_stripped_filter_groups": "the filter group key_stage has values that differ",
    "na_geography": "the code 'x' with the name",
    "naming_convention": "the naming convention is not kept",
    "naming_convention-metaFail": "the naming convention is not kept",
    "naming_convention_meta": "the naming convention is not kept",
    "non_standard_headers": "'minor_ethnicity' is a non-standard header",
    "not_sch_but_one_filter": "school_name is overcompleted",
    "notavailable_symbols": "has the legacy symbol ':'",
    "null": "has the null symbol 'NULL'",
    "ob_unit_total": "the observational unit region_name has 'All'",
    "observational_total": "the observational unit region_name has 'Total'",
    "other_geography_duplicates": "'Lion Academy Trust' has several sponsor_id",
    "overcompleted_cols": "la_name is overcompleted",
    "pcon_combinations": "'Enfield North' has several pcon_code",
    "prov_level_only_dupes": "duplicate rows",
    "region_col_present": "the regional columns are not all present: 'region_code' missing",
    "region_combinations": "'E09000012' and 'Inner London'",
    "region_for_lad": "missing for geographic_level 'Local authority district'",
    "regional_blanks": "region_code is not completed for geographic_level 'Regional'",
    "rows_to_cols": "the naming convention is not kept",  # its metadata are not in the folder
    "sch_level_missing_col": "the column 'school_laestab' of that level is missing",
    "sch_prov": "(School and Provider)",
    "special_characters-+#'@": "special characters: '#', ''', '+', '@'",
    "time_identifier_mix": "mixes time identifiers that do not go together",
    "time_period": "time_period '2017188' is not a four or six digit number",
    "time_validation": "time_period '2001Q4' is not a four or six digit number",
    "total": "has 'All' where Total is expected",
    "whitespace_filters": "has white space before or after ' Special school'",
}
# Named in a warning, because fixtures of the pass folder do the same; or not without a list.
ONLY_WARNED_OF = {
    "data_empty_cols": "the column la_name is empty",
    "ignored_rows": "9 ignored rows",
    "ward_combinations": "",
}


def data_files(folder):
    return sorted(file for file in folder.glob("*.csv") if not file.name.endswith(".meta.csv"))


def test_every_fixture_to_be_passed_has_no_error(shared_data):
    files = data_files(shared_data / FIXTURES / "pass")
    assert len(files) == 20
    assert {file.name: errors_of(screen_ees(file)) for file in files} == {
        file.name: [] for file in files
    }


def test_every_fixture_to_be_refused_is_refused_for_its_defect(shared_data):
    files = data_files(shared_data / FIXTURES / "fail")
    assert {file.stem for file in files} == set(REFUSED_FOR) | set(ONLY_WARNED_OF)
    unnamed = [
        file.stem
        for file in files
        if file.stem in REFUSED_FOR
        and not [error for error in errors_of(screen_ees(file)) if REFUSED_FOR[file.stem] in error]
    ]
    assert unnamed == []


@pytest.mark.parametrize("name", ["data_empty_cols", "ignored_rows"])
def test_defects_that_sound_files_share_are_warnings(shared_data, name):
    table = screen_ees(shared_data / FIXTURES / "fail" / f"{name}.csv").to_frame()
    warnings = table.loc[table["severity"] == "warning", "problem"]
    assert warnings.str.contains(re.escape(ONLY_WARNED_OF[name])).any()
