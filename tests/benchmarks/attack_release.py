"""Attack a release file with everything in it, against the study it was made of.

Run with ``uv run python tests/benchmarks/attack_release.py FILE FOLDER [ITEM ...]``. Prints, question
by question, every small count that can be narrowed down; ends with 1 if there is any. A question of
70 schools takes seconds to minutes.
"""

import importlib.util
import sys
import time
from pathlib import Path

from careerbench import disclosure, study


def attacker():
    """Load the attacker that the tests use."""
    where = Path(__file__).parents[1] / "disclosure" / "attacking.py"
    spec = importlib.util.spec_from_file_location("attacking", where)
    module = importlib.util.module_from_spec(spec)
    sys.modules["attacking"] = module
    spec.loader.exec_module(module)
    return module


def main(file, folder, *items):
    """Attack each question by itself."""
    enemy, release, open_study = attacker(), disclosure.open_release(file), study.open_study(folder)
    policy = release.manifest["policy"]
    rule = {"width": policy["width"], "zeros": policy["zeros_sensitive"],
            "floor": int(policy["zeros_always_shown"])}  # fmt: skip
    cells = release.cells()
    surveys = cells[cells["topic"] != "benchmarks"]
    n_found = 0
    for (unit, item, wave), _ in surveys.groupby(["unit", "item", "wave"]):
        if items and item not in items:
            continue
        start = time.process_time()
        found = enemy.attack(
            release, open_study, threshold=policy["threshold"][unit], waves=[wave], items=[item],
            whole=False, **rule,
        )  # fmt: skip
        exact = sum(each.high - each.low < 1e-6 for each in found)
        spent = time.process_time() - start
        said = f"{item}, {wave}: {len(found)} narrow, {exact} of them exact ({spent:.0f} s)\n"
        sys.stdout.write(said)
        for each in found[:5]:
            sys.stdout.write(f"    {each}\n")
        n_found += len(found)
    return int(n_found > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
