"""A pack for every school and one for the programme, written to a folder."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from careerbench.checks import as_names, require_path, require_several
from careerbench.errors import (
    BadArgumentError,
    CareerBenchError,
    DisclosureError,
    counted,
    did_you_mean,
)
from careerbench.report.packs.content import (
    PROGRAMME,
    programme_from,
    school_from,
    source_of,
    stamp,
)
from careerbench.report.packs.manifest import Manifest
from careerbench.report.packs.pdf import Typesetter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from careerbench.disclosure.release import Release
    from careerbench.report.packs.model import Pack
    from careerbench.report.packs.source import Source

Set = bytes | list[bytes] | Exception
"""What the typesetter hands on: a PDF, the pictures for Word, or why there is none."""

FORMATS = ("pdf", "docx", "xlsx")
_SAFE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Packs:
    """What became of the packs that were asked for.

    Attributes
    ----------
    folder : Path
        Where they lie, with ``manifest.json``.
    written, skipped : tuple of str
        Schools' numbers, or ``programme``: written now; there already, from the same release.
    failed : mapping of str to str
        Which could not be written, and why; where only one of its files could not, which.
    without_results : tuple of str
        Schools that the release names and has no result of, such as numbers given up.
    """

    folder: Path
    written: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    without_results: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return (
            f"<Packs in '{self.folder.name}': {len(self.written)} written, "
            f"{len(self.skipped)} skipped, {len(self.failed)} failed>"
        )


def write_packs(
    release: Release,
    folder: str | Path,
    *,
    schools: Iterable[str] | None = None,
    formats: Sequence[str] = FORMATS,
    force: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Packs:
    """Write a pack for every school, and one for the programme.

    Parameters
    ----------
    release : Release
        What may be seen, saved or opened: ``open_release(path)``. Nothing else is read.
    folder : str or Path
        Where to write; made if it is not there.
    schools : iterable of str, optional
        Only these numbers; ``"programme"`` is the programme's pack. Default: all, and programme.
    formats : sequence of str, default ("pdf", "docx", "xlsx")
        Which files of each pack.
    force : bool, default False
        Write again what is there already from the same release, by the same code.
    progress : callable, optional
        Called with the number done, the number asked for, and which pack was the last.

    Returns
    -------
    Packs
        What was written, skipped, and what failed: one bad school does not stop the rest.

    Raises
    ------
    BadArgumentError
        If ``release`` is no release, a school or a format is not known, or ``folder`` is a file.
    DisclosureError
        If the release was not saved, so that no fingerprint could say what packs are made from.

    Examples
    --------
    >>> write_packs("pilot.release", "packs")
    Traceback (most recent call last):
        ...
    careerbench.errors.BadArgumentError: write_packs: packs are written from a Release and from
    nothing else.
      found: type str
      try:   disclosure.open_release('study.release'), or disclosure.build_release(study)
    """
    source = source_of(release, step="write_packs")
    _require_saved(release)
    kinds = _formats(formats)
    keys, without = _asked(source, schools)
    place = _folder(folder)
    said = release.manifest
    about = {"title": said["title"], "policy": said["policy"], "framework": said["framework"]}
    manifest = Manifest(place, stamp(source), about)
    if not force:
        manifest.resume()
    manifest.leave_out(without)
    run = _Run(source, place, manifest, progress or _say_nothing, len(keys))
    with ThreadPoolExecutor(max_workers=1) as typesetters:
        for key in keys:
            run.start(key, [kind for kind in kinds if not manifest.has(key, kind)], typesetters)
        run.finish_last()
    manifest.save()
    return Packs(place, tuple(run.written), tuple(run.skipped), dict(run.failed), tuple(without))


class _Run:
    """Writes one pack while the typesetter, on a thread of its own, is busy with the next."""

    def __init__(
        self,
        source: Source,
        folder: Path,
        manifest: Manifest,
        progress: Callable[[int, int, str], None],
        n_asked: int,
    ) -> None:
        self._source, self._folder, self._manifest = source, folder, manifest
        self._progress, self._n_asked, self._n_done = progress, n_asked, 0
        self._typesetter = Typesetter()
        self._last: tuple[str, Pack, list[str], Future[dict[str, Set]]] | None = None
        self.written: list[str] = []
        self.skipped: list[str] = []
        self.failed: dict[str, str] = {}

    def start(self, key: str, kinds: list[str], typesetters: ThreadPoolExecutor) -> None:
        """Put a pack together and hand it to the typesetter; then finish the one before."""
        if not kinds:
            self.skipped.append(key)
            self._done(key)
            return
        try:
            pack = _content(self._source, key)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other schools go on
            self._fail(key, error)
            return
        job = typesetters.submit(self._set, pack, kinds)
        self.finish_last()
        self._last = (key, pack, kinds, job)

    def finish_last(self) -> None:
        """Write the files of the pack that was started last."""
        if self._last is None:
            return
        (key, pack, kinds, job), self._last = self._last, None
        faults: dict[str, str] = {}
        set_now = job.result()
        for kind in kinds:
            try:
                self._write(key, kind, pack, set_now.get(kind, b""))
            except Exception as error:  # noqa: BLE001 - whatever it is, the other files go on
                faults[kind] = _why(error)
        if faults:
            whole = len(faults) == len(kinds) and len(set(faults.values())) == 1
            said = "; ".join(f"{kind}: {why}" for kind, why in faults.items())
            self.failed[key] = next(iter(faults.values())) if whole else said
            self._manifest.fail(key, self.failed[key], list(faults))
        else:
            self.written.append(key)
        self._manifest.save()
        self._done(key)

    def _set(self, pack: Pack, kinds: list[str]) -> dict[str, Set]:
        """Set what needs typst; what cannot be set is handed on as its error."""
        jobs: dict[str, Callable[[], bytes | list[bytes]]] = {
            "pdf": lambda: self._typesetter.pdf(pack),
            "docx": lambda: self._typesetter.pictures(pack.charts),
        }
        found: dict[str, Set] = {}
        for kind in jobs.keys() & set(kinds):
            try:
                found[kind] = jobs[kind]()
            except Exception as error:  # noqa: BLE001 - raised where the file is written
                found[kind] = error
        return found

    def _write(self, key: str, kind: str, pack: Pack, made: Set) -> None:
        if isinstance(made, Exception):
            raise made
        content = _render(kind, pack, made)
        file = self._folder / f"{pack.key}.{kind}"
        beside = file.with_name(f".{file.name}.part")
        beside.write_bytes(content)
        beside.replace(file)
        self._manifest.add(key, kind, file, content)

    def _fail(self, key: str, error: Exception) -> None:
        self.failed[key] = _why(error)
        self._manifest.fail(key, self.failed[key])
        self._done(key)

    def _done(self, key: str) -> None:
        self._n_done += 1
        self._progress(self._n_done, self._n_asked, key)


def _why(error: Exception) -> str:
    """Say what went wrong, on one line."""
    why = error.problem if isinstance(error, CareerBenchError) else str(error)
    if isinstance(error, CareerBenchError) and error.found:
        why = f"{why} Found: {error.found}"
    return why or type(error).__name__


def _render(kind: str, pack: Pack, made: bytes | list[bytes]) -> bytes:
    if kind == "pdf":
        assert isinstance(made, bytes)
        return made
    if kind == "docx":
        from careerbench.report.packs.word import document

        return document(pack, made if isinstance(made, list) else [])
    from careerbench.report.packs.workbook import workbook

    return workbook(pack)


def _content(source: Source, key: str) -> Pack:
    if key == PROGRAMME:
        return programme_from(source)
    if not _SAFE.fullmatch(key):
        raise DisclosureError(
            "write_packs: a school's number cannot be part of a file's name.",
            found=f"'{key}'",
            hint="letters, digits, - and _",
        )
    return school_from(source, key)


def _asked(source: Source, schools: Iterable[str] | None) -> tuple[list[str], list[str]]:
    """Say which packs to write, and which schools of the release have no result."""
    known = list(source.schools)
    without = [urn for urn in known if urn not in source.with_results]
    if schools is None:
        return [PROGRAMME, *(urn for urn in known if urn in source.with_results)], without
    hint = "schools=['900001', 'programme']"
    several = as_names(require_several(schools, name="schools", step="write_packs", hint=hint))
    for urn in several:
        if urn != PROGRAMME and urn not in source.schools:
            raise BadArgumentError(
                f"write_packs: the release names no school '{urn}'.",
                found=counted(len(known), "school"),
                hint=did_you_mean(urn, [PROGRAMME, *known]),
            )
        if urn in without:
            raise BadArgumentError(
                f"write_packs: the release has no result of school '{urn}'.",
                found="a number without cells",
                hint="the number the school goes by today, or leave it out",
            )
    if not several:
        raise BadArgumentError("write_packs: no school is named.", found="nothing", hint=hint)
    return several, without


def _formats(formats: Sequence[str]) -> list[str]:
    hint = f"formats={FORMATS}"
    several = as_names(require_several(formats, name="formats", step="write_packs", hint=hint))
    odd = [kind for kind in several if kind not in FORMATS]
    if odd or not several:
        raise BadArgumentError(
            f"write_packs: there is no format '{odd[0] if odd else ''}'.",
            found=f"formats={several}",
            hint=did_you_mean(odd[0], FORMATS) if odd else hint,
        )
    return several


def _folder(folder: str | Path) -> Path:
    place = require_path(folder, step="write_packs", hint="'packs', a folder to write to")
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadArgumentError(
            f"write_packs: '{folder}' is no folder to write to.",
            found=error.strerror or type(error).__name__,
            hint="a new folder, or one that you may write to",
        ) from error
    return place


def _require_saved(release: Release) -> None:
    if not release.fingerprint:
        raise DisclosureError(
            "write_packs: the release was not saved, so it has no fingerprint.",
            found="a release in memory only",
            hint="release.save('study.release')",
        )


def _say_nothing(done: int, of: int, what: str) -> None:
    """Show no progress."""
