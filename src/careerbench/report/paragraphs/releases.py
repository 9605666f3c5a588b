"""What a methods section says of a release, and how one of its figures was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from careerbench.report.paragraphs.words import listed

if TYPE_CHECKING:
    from careerbench.disclosure import Release, Released


def release_parts(release: Release) -> list[str]:
    """Write the six parts of a release's paragraph, from its manifest."""
    return [
        _data(release),
        _figures(release),
        "Released figures are counts and means of those who answered; they carry no intervals.",
        "Nothing was tested.",
        " ".join([*_promises(release), *_about(release)]),
        f"{software_of(release)}. {fingerprint_of(release)}",
    ]


def _promises(release: Release) -> list[str]:
    """Pass on the release's notes, save those that the other parts say already."""
    said = ("Policy ", "Given everything")
    return [note for note in release.notes if not note.startswith(said)]


def _about(release: Release) -> list[str]:
    said = str(release.manifest.get("about", ""))
    return [said] if said else []


def _data(release: Release) -> str:
    """Say who is in, at which waves, under which edition."""
    schools, topics = release.schools(), release.labels()
    titles = topics.loc[topics["dimension"] == "topic", "label"].tolist()
    areas = {
        name: schools[name].nunique() for name in ("la_name", "region_name") if name in schools
    }
    where = listed(
        [
            f"{n:,} {word if n == 1 else words}"
            for name, word, words in (
                ("la_name", "local authority", "local authorities"),
                ("region_name", "region", "regions"),
            )
            if (n := areas.get(name, 0))
        ]
    )
    return (
        f"The figures are from '{release.title}': {len(schools):,} schools"
        f"{f' in {where}' if where else ''}, {waves_of(release)}. They cover {listed(titles)}. "
        f"Schools were scored under {edition_of(release)}."
    )


def waves_of(release: Release) -> str:
    """Name the waves, with their dates where the release carries them."""
    dates = release.manifest.get("wave_dates", {})
    named = [
        f"{title} ({dates[wave]['opens']} to {dates[wave]['closes']})" if wave in dates else title
        for wave, title in release.manifest["waves"].items()
    ]
    noun = "wave" if len(named) == 1 else "waves"
    lacking = "" if dates else ", whose dates are not recorded"
    return f"at {len(named)} {noun} ({'; '.join(named)}){lacking}"


def edition_of(release: Release) -> str:
    """Name the edition of the framework, and say when it is provisional."""
    said = release.manifest["framework"]
    provisional = ", a provisional edition" if said["provisional"] else ""
    return f"{said['title']} ({said['id']}){provisional}"


def policy_of(release: Release) -> str:
    """Name the policy, with the thresholds it sets."""
    said = release.manifest["policy"]
    shown = {"schools"} if release.manifest["crossing"]["school_results"] else set()
    least = listed([f"{n} {who}" for who, n in said["threshold"].items() if who not in shown])
    return f"'{said['title']}' ({said['id']}), under which fewer than {least} are not shown"


def _figures(release: Release) -> str:
    """Say what is hidden, by which rule, and what was proved of it."""
    cells, proved = release.tables["cells"], release.certificate
    n_hidden = int((cells["reason"] == "c").sum())
    policy = release.manifest["policy"]
    return (
        f"Of {len(cells):,} figures {n_hidden:,} are hidden. The policy is {policy_of(release)}; "
        f"further figures are hidden where a hidden one could be worked out from those shown. "
        f"Each question's tables were audited together: no hidden count can be narrowed down to "
        f"fewer than {proved['width']} steps. Percentages are given of at least "
        f"{policy['percentages']['least']}, means of at least {policy['means']['least']}. "
        f"It was taken that: {' '.join(proved['assumptions'])}"
    )


def software_of(release: Release) -> str:
    """Name the software that the release was built with."""
    return listed([f"{name} {is_}" for name, is_ in release.manifest["versions"].items()])


def fingerprint_of(release: Release) -> str:
    """Say the fingerprint, or that there is none yet."""
    if not release.fingerprint:
        return "The release was not saved, so that it has no fingerprint."
    return f"The fingerprint of the release is {release.fingerprint}."


def released_parts(released: Released) -> list[str]:
    """Write the five parts of one protected table; the software comes after them."""
    said: dict[str, Any] = dict(released.certificate)
    by = listed([name.replace("_", " ") for name in released.by])
    shown = int(released.table[released.count].notna().sum())
    return [
        f"The table counts {released.count.removeprefix('n_').replace('_', ' ')} by {by}: "
        f"{len(released.table):,} cells, {shown:,} of them shown. Which waves are in it is not "
        "recorded. The edition of the framework is not recorded.",
        f"It was protected under the policy '{released.policy.title}' ({released.policy.id}, "
        f"{released.policy.source}); the check says {released.verdict.name}. "
        f"{' '.join(str(each) for each in said.get('promises', ()))}".strip(),
        "The counts carry no intervals.",
        "Nothing was tested.",
        " ".join(released.policy.assumptions),
    ]
