"""Measure how long a fresh process takes to import Hakken, load a model and recommend; prints JSON.

    .venv/bin/python -m benchmarks.fresh_start MODEL

It imports only the standard library before the clock starts; `benchmarks.loading` makes rows from its output.
"""

import json
import sys
import time
from pathlib import Path


def _resident() -> int:
    """Return this process's resident bytes, including touched parts of mapped files."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmRSS:")[1].split()[0])


def main() -> None:
    """Measure the four steps in the bot's order."""
    started = time.perf_counter()
    from hakken import ItemKNNBaseline

    imported, before = time.perf_counter(), _resident()
    model = ItemKNNBaseline.load(sys.argv[1])
    loaded = time.perf_counter()
    model.recommend({int(anime_id): 8 for anime_id in model.anime_ids[:100]})
    recommended, after = time.perf_counter(), _resident()
    print(
        json.dumps(
            {
                "import_seconds": imported - started,
                "load_seconds": loaded - imported,
                "first_recommend_seconds": recommended - loaded,
                "resident_bytes": after - before,
            }
        )
    )


if __name__ == "__main__":
    main()
