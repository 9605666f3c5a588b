"""What packs cost: ratios within one run, in CPU seconds, on the small release of the tests.

Measured on the release of the whole sample study, two shared cores, CPU seconds for 30 schools:
putting the packs together 0.4; the PDFs 1.9, their pictures alone 0.5; the pictures for Word 1.0,
Word documents 1.0, workbooks 1.4.

Run with ``uv run pytest tests/benchmarks/test_packs.py``.
"""

import dataclasses
import time

import pytest

from careerbench.disclosure import Release
from careerbench.report.packs.content import school_from, source_of
from careerbench.report.packs.pdf import Typesetter
from careerbench.report.packs.word import document
from careerbench.report.packs.workbook import workbook

N = 20


def cpu(work):
    """CPU seconds of this process, all threads: other processes on the machine do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.fixture(scope="module")
def source(small_release):
    return source_of(
        Release(small_release.manifest, small_release.tables, "0" * 64), step="benchmark"
    )


@pytest.fixture(scope="module")
def packs(source):
    return [school_from(source, urn) for urn in sorted(source.with_results)[: N + 1]]


@pytest.fixture(scope="module")
def typesetter(packs):
    """A typesetter whose fonts and templates are read."""
    warm = Typesetter()
    warm.pdf(packs[0])
    warm.pictures(packs[0].charts)
    document(packs[0], warm.pictures(packs[0].charts))
    workbook(packs[0])
    return warm


def only_charts(pack):
    sections = tuple(
        dataclasses.replace(section, tables=(), words=(), said=()) for section in pack.sections
    )
    return dataclasses.replace(pack, sections=sections)


def test_whole_packs_take_a_small_multiple_of_their_pictures_alone(packs, typesetter):
    """Tables, notes and tags cost about as much again, twice over."""
    pictures = cpu(lambda: [typesetter.pdf(only_charts(pack)) for pack in packs[1:]])
    whole = cpu(lambda: [typesetter.pdf(pack) for pack in packs[1:]])
    assert whole < 6 * pictures


def test_putting_a_pack_together_is_cheap_beside_setting_it(source, packs, typesetter):
    urns = [pack.key.removeprefix("school-") for pack in packs[1:]]
    content = cpu(lambda: [school_from(source, urn) for urn in urns])
    setting = cpu(lambda: [typesetter.pdf(pack) for pack in packs[1:]])
    assert content < 2 * setting


def test_word_and_workbooks_are_of_the_same_order_as_pdf(packs, typesetter):
    fresh = [dataclasses.replace(pack, subtitle=f"{pack.subtitle}.") for pack in packs[1:]]
    setting = cpu(lambda: [typesetter.pdf(pack) for pack in fresh])
    pictures = [typesetter.pictures(pack.charts) for pack in fresh]
    word = cpu(lambda: [document(p, shown) for p, shown in zip(fresh, pictures, strict=True)])
    books = cpu(lambda: [workbook(pack) for pack in fresh])
    assert word < 10 * setting
    assert books < 10 * setting
