from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.process import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MEGABYTES = 200


def test_the_peak_of_a_process_holds_what_it_filled_and_gave_back() -> None:
    # Long enough for a busy machine to look at least once; the kernel keeps the peak.
    wait = "import time; time.sleep(0.7)"

    found = run(["-c", f"a = bytearray(b'x') * ({MEGABYTES} << 20); del a; {wait}"])
    nothing = run(["-c", wait])

    assert found.peak_bytes - nothing.peak_bytes == pytest.approx(MEGABYTES << 20, rel=0.05)


def test_what_a_process_prints_is_kept() -> None:
    assert run(["-c", "print('é')"], {"PYTHONIOENCODING": "utf-8"}).output == "é\n"


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run(["-c", "raise SystemExit(3)"])

    assert caught.value.returncode == 3
