"""A small release that is saved, and everything its packs say."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reading():
    """Functions that read finished packs back, with nothing of the library."""
    spec = importlib.util.spec_from_file_location("reading", Path(__file__).with_name("reading.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def saved_release(small_release, tmp_path_factory):
    """The small release as it is handed on: a file that was opened again."""
    from careerbench.disclosure import Release, open_release

    path = tmp_path_factory.mktemp("release") / "small.release"
    Release(small_release.manifest, small_release.tables).save(path)
    return open_release(path)


@pytest.fixture(scope="session")
def source(saved_release):
    from careerbench.report.packs.content import source_of

    return source_of(saved_release, step="test")


@pytest.fixture(scope="session")
def every_pack(source):
    """What the packs of all schools and of the programme say."""
    from careerbench.report.packs.content import programme_from, school_from

    return [
        programme_from(source),
        *(school_from(source, urn) for urn in sorted(source.with_results)),
    ]


@pytest.fixture(scope="session")
def answered(source):
    """A school whose pupils answered, with its pack."""
    from careerbench.report.packs.content import school_from

    return school_from(source, "900001")


@pytest.fixture
def changed(saved_release):
    """A copy of the release in which one table was changed."""
    from careerbench.disclosure import Release

    def change(name, how):
        tables = dict(saved_release.tables)
        tables[name] = how(tables[name].copy())
        return Release(saved_release.manifest, tables, saved_release.fingerprint)

    return change


@pytest.fixture(scope="session")
def fixed_words():
    """What a pack prints besides its numbers: labels of rows and columns, notes, the stamp."""

    def words_of(pack):
        yield from (pack.title, pack.subtitle, *pack.stamp.__dict__.values())
        yield from (word for fact in pack.facts for word in fact)
        for section in pack.sections:
            yield section.title
            yield from section.words
            yield from (chart.title for chart in section.charts)
            for table in section.tables:
                yield from (table.title, table.about, table.id, *(c.heading for c in table.columns))
                yield from (cell for row in table.rows for cell in row if isinstance(cell, str))

    return words_of
