"""The attacker of results by Benchmark: what few schools achieved, from areas and the list of schools."""

import numpy as np
import pandas as pd
from attacking import ALL, AREAS, Enemy, lattice_of, named, sums_of


def attack_benchmarks(release, study, *, threshold=3, width=3):
    """Find results of few schools by all that is shown and the schools' list of each area.

    What an area's two schools achieved can lie between 0 and 2 at most: more is not asked for.
    """
    cells = release.cells()
    cells = cells[cells["topic"] == "benchmarks"]
    areas = [name for name in AREAS if name in cells]
    states = ["achieved", "partial", "not achieved", "not scored"]
    scores = study.scores().drop(columns=areas, errors="ignore")
    register = study.schools[["school_urn", *areas]]
    scores = scores.merge(register, on="school_urn").astype({"state": str, "wave": str})
    listed = release.schools()[areas].astype(str)
    depths = [listed.assign(**dict.fromkeys(areas[n:], ALL)) for n in range(len(areas) + 1)]
    listed = pd.concat(depths).value_counts()
    found = []
    for (item, wave), mine in cells.groupby(["item", "wave"]):
        here = scores[(scores["benchmark"].astype(str) == item) & (scores["wave"] == wave)]
        pairs = here[areas].drop_duplicates().merge(pd.DataFrame({"answer": states}), how="cross")
        counts = here.rename(columns={"state": "answer"}).groupby([*areas, "answer"]).size()
        finest = pairs.merge(counts.rename("n").reset_index(), how="left").fillna({"n": 0})
        names = [*areas, "answer"]
        rows, truth = sums_of(mine, finest, names), finest["n"].to_numpy(float)
        counts, is_size = rows @ truth, (mine["answer"] == ALL).to_numpy()
        shown = mine["value"].notna().to_numpy()
        assert (counts[shown] == mine["value"].to_numpy()[shown]).all(), "a count is not true"
        most = np.array([listed[tuple(place)] for place in mine[areas].to_numpy()], float)
        known = shown | is_size
        size = counts[is_size]
        assert (size <= most[is_size]).all()
        nodes = lattice_of(finest, names)
        nodes = nodes[nodes["answer"] != ALL]
        asked = sums_of(nodes, finest, names)
        small = asked @ truth < threshold
        nodes, asked = nodes[small].assign(item=item, wave=wave), asked[small]
        group = nodes[areas].merge(mine[is_size].assign(size=size), on=areas, how="left")["size"]
        enemy = Enemy(rows[known], counts[known], counts[known], truth, asked)
        found += named(enemy, nodes, np.minimum(width, group.to_numpy(float)))
    return found
