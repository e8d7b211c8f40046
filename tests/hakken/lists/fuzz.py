"""A bounded run of coverage-guided fuzzing: whatever libFuzzer finds, a list or a `UnreadableError`.

Not part of the tests, for it needs atheris and takes as long as it is given::

    pip install atheris
    python -m tests.hakken.lists.fuzz -max_total_time=120 -max_len=4096 -timeout=2 -rss_limit_mb=2048

It begins with the fixtures; the first input that breaks the promise ends it and is written to a file.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["hakken.lists.parsing"]):
    from hakken.lists.parsing import parse
from tests.hakken.lists.test_fuzz import SAMPLES, read_or_refused


def main() -> None:
    """Fuzz until the time is over."""
    assert parse
    with tempfile.TemporaryDirectory() as corpus:
        for at, sample in enumerate(SAMPLES):
            (Path(corpus) / str(at)).write_bytes(sample)
        atheris.Setup([*sys.argv, corpus], read_or_refused)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
