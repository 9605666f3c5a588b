"""A folder of packs: written, resumed, with one bad school named and the rest whole."""

import hashlib
import io
import json
import zipfile

import pytest

from careerbench import report
from careerbench.disclosure import Release
from careerbench.errors import BadArgumentError, DisclosureError

FEW = ["programme", "900001", "900002"]


@pytest.fixture(scope="module")
def written(saved_release, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    seen = []
    packs = report.write_packs(
        saved_release, folder, schools=FEW, progress=lambda *said: seen.append(said)
    )
    return packs, seen


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_each_pack_has_its_files_and_the_manifest_knows_their_hashes(written, saved_release):
    packs, seen = written
    assert packs.written == tuple(FEW)
    assert packs.failed == {}
    assert seen == [(1, 3, "programme"), (2, 3, "900001"), (3, 3, "900002")]
    names = {"programme", "school-900001", "school-900002"}
    files = {file.name for file in packs.folder.iterdir()}
    assert files == {f"{n}.{k}" for n in names for k in ("pdf", "docx", "xlsx")} | {"manifest.json"}
    said = manifest_of(packs.folder)
    for key in FEW:
        for entry in said["packs"][key].values():
            content = (packs.folder / entry["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert said["made_from"]["fingerprint"] == saved_release.fingerprint
    assert said["made_from"]["version"].startswith("careerbench ")
    assert said["policy"]["threshold"] == saved_release.manifest["policy"]["threshold"]


def test_files_open_as_what_they_are(written):
    packs, _ = written
    assert (packs.folder / "programme.pdf").read_bytes().startswith(b"%PDF-")
    for kind, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
        content = (packs.folder / f"school-900001.{kind}").read_bytes()
        assert part in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_what_is_there_from_the_same_release_is_skipped_and_a_lost_file_written_again(
    saved_release, tmp_path
):
    ask = {"schools": ["900001", "900002"], "formats": ["xlsx"]}
    report.write_packs(saved_release, tmp_path, **ask)
    again = report.write_packs(saved_release, tmp_path, **ask)
    assert (again.written, again.skipped) == ((), ("900001", "900002"))
    (tmp_path / "school-900001.xlsx").unlink()
    (tmp_path / "school-900002.xlsx").write_bytes(b"cut off")
    third = report.write_packs(saved_release, tmp_path, **ask)
    assert (third.written, third.skipped) == (("900001", "900002"), ())
    forced = report.write_packs(saved_release, tmp_path, force=True, **ask)
    assert forced.written == ("900001", "900002")


def test_another_format_is_added_and_another_release_replaces_everything(saved_release, tmp_path):
    report.write_packs(saved_release, tmp_path, schools=["900001"], formats=["xlsx"])
    report.write_packs(saved_release, tmp_path, schools=["900001"], formats=["pdf"])
    assert set(manifest_of(tmp_path)["packs"]["900001"]) == {"pdf", "xlsx"}
    other = Release(saved_release.manifest, saved_release.tables, "0" * 64)
    packs = report.write_packs(other, tmp_path, schools=["900001"], formats=["xlsx"])
    assert packs.written == ("900001",)
    said = manifest_of(tmp_path)
    assert said["made_from"]["fingerprint"] == "0" * 64
    assert set(said["packs"]["900001"]) == {"xlsx"}  # the PDF of the earlier release counts no more


def test_a_run_that_was_stopped_goes_on_where_it_was(saved_release, tmp_path):
    class StoppedError(Exception):
        pass

    def stop(done, of, what):
        if done == 2:
            raise StoppedError

    schools = ["900001", "900002", "900003"]
    with pytest.raises(StoppedError):
        report.write_packs(
            saved_release, tmp_path, schools=schools, formats=["xlsx"], progress=stop
        )
    packs = report.write_packs(saved_release, tmp_path, schools=schools, formats=["xlsx"])
    assert packs.skipped == ("900001", "900002")
    assert packs.written == ("900003",)


def test_one_bad_school_stops_no_other_and_is_named(changed, tmp_path):
    def nameless(schools):
        schools.loc[schools["school_urn"] == "900002", "school_name"] = ""
        return schools

    release = changed("schools", nameless)
    packs = report.write_packs(
        release, tmp_path, schools=["900001", "900002", "900003"], formats=["pdf", "xlsx"]
    )
    assert packs.written == ("900001", "900003")
    assert packs.failed == {
        "900002": "report: the release says no school_name of school '900002'. Found: a blank"
    }
    assert manifest_of(tmp_path)["failed"] == packs.failed
    assert not (tmp_path / "school-900002.pdf").exists()


def test_a_file_that_cannot_be_set_stops_no_other_file_and_no_other_school(
    saved_release, tmp_path, monkeypatch
):
    from careerbench.report.packs.pdf import Typesetter

    whole = Typesetter.pdf

    def refuse(self, pack):
        if pack.key == "school-900002":
            raise RuntimeError("no page")
        return whole(self, pack)

    monkeypatch.setattr(Typesetter, "pdf", refuse)
    packs = report.write_packs(saved_release, tmp_path, schools=["900001", "900002", "900003"])
    assert packs.written == ("900001", "900003")
    assert packs.failed == {"900002": "pdf: no page"}
    assert set(manifest_of(tmp_path)["packs"]["900002"]) == {"docx", "xlsx"}
    assert (tmp_path / "school-900002.docx").exists()
    monkeypatch.undo()
    again = report.write_packs(saved_release, tmp_path, schools=["900001", "900002"])
    assert (again.written, again.skipped) == (("900002",), ("900001",))


@pytest.mark.parametrize(
    "name",
    [
        "A very long name of a school " * 12,
        "<b>&\"' #let $x$ *a* @d \\n",
        "\u05d1\u05d9\u05ea \u0645\u062f\u0631\u0633\u0629",
        "St Mary \u4e2d \U0001f9ff",
        '=HYPERLINK("http://x.example","A")',
        "[Hill](http://x.example) $$note$$ School",
        "Hill\x07 School\nTwo",
    ],
)
def test_a_strange_name_costs_a_school_none_of_its_files(changed, tmp_path, reading, name):
    from openpyxl import load_workbook

    def rename(schools):
        schools.loc[schools["school_urn"] == "900001", "school_name"] = name
        return schools

    packs = report.write_packs(changed("schools", rename), tmp_path, schools=["900001"])
    assert packs.failed == {}
    plain = " ".join(name.replace("\x07", "[U+0007]").split())
    word = (tmp_path / "school-900001.docx").read_bytes()
    assert reading.docx_texts(word)[0] == plain
    cover = load_workbook(tmp_path / "school-900001.xlsx")["Cover"]["A1"]
    assert (cover.value, cover.data_type) == (plain, "s")  # words, and no formula
    pdf = reading.pdf_objects((tmp_path / "school-900001.pdf").read_bytes())
    assert b"<dc:title>" in pdf
    assert (b"[U+4E2D] [U+1F9FF]" in pdf) == ("\u4e2d" in name)


def test_schools_without_a_result_are_named_and_get_no_pack(changed, tmp_path, monkeypatch):
    from careerbench.report.packs import writing as room

    monkeypatch.setattr(room, "_render", lambda *_: b"x")
    monkeypatch.setattr(room._Run, "_set", lambda *_: {})

    def add(schools):
        old = schools.iloc[0].to_dict() | {"school_urn": "900099", "school_name": "Given up"}
        schools.loc[len(schools)] = old
        return schools

    release = changed("schools", add)
    schools = release.schools()
    packs = report.write_packs(release, tmp_path, formats=["xlsx"])
    without = ["900099"]
    assert packs.without_results == tuple(without)
    assert manifest_of(tmp_path)["without_results"] == without
    assert len(packs.written) == len(schools) - len(without) + 1
    with pytest.raises(BadArgumentError, match="no result of school '900099'"):
        report.write_packs(release, tmp_path, schools=["900099"])


def test_packs_carry_nothing_of_a_school_but_their_own(every_pack, saved_release):
    names = saved_release.schools().set_index("school_urn")["school_name"].to_dict()
    for pack in every_pack:
        own = pack.key.removeprefix("school-")
        said = "\n".join(
            str(part) for section in pack.sections
            for part in (section.title, *section.words, *(s.text for s in section.said),
                         *(c.alt for c in section.charts),
                         *(cell for t in section.tables for row in t.rows for cell in row))
        )  # fmt: skip
        assert [urn for urn, name in names.items() if urn != own and name in said] == []
        cells = {row for number in pack.numbers() for row in number.cells}
        urns = set(saved_release.cells().iloc[sorted(cells)]["school_urn"]) - {"All"}
        assert urns <= {own}


def test_a_release_in_memory_is_refused(saved_release, tmp_path):
    release = Release(saved_release.manifest, saved_release.tables)
    with pytest.raises(DisclosureError) as error:
        report.write_packs(release, tmp_path)
    assert str(error.value) == (
        "write_packs: the release was not saved, so it has no fingerprint.\n"
        "  found: a release in memory only\n"
        "  try:   release.save('study.release')"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"schools": ["900100"]}, "names no school '900100'"),
        ({"schools": "900001"}, "schools must be a list"),
        ({"schools": []}, "no school is named"),
        ({"formats": ["pdf", "odt"]}, "there is no format 'odt'"),
        ({"formats": []}, "there is no format"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(saved_release, tmp_path, asked, said):
    with pytest.raises(BadArgumentError, match=said):
        report.write_packs(saved_release, tmp_path / "new", **asked)
    assert not (tmp_path / "new").exists()


def test_a_file_is_no_folder_and_a_strange_manifest_is_not_written_over(saved_release, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadArgumentError, match="no folder to write to"):
        report.write_packs(saved_release, tmp_path / "file")
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(DisclosureError, match="no manifest of packs"):
        report.write_packs(saved_release, tmp_path, schools=["900001"])
