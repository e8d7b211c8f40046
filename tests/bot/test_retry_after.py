"""How long a site wants to be left alone."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from bot.sites.pace import seconds_to_wait

DAY = 86_400


@pytest.mark.parametrize(("said", "seconds"), [("0", 0), ("30", 30), (" 120 ", 120), ("9999999999", DAY)])
def test_seconds_count_up_to_a_day(said: str, seconds: float) -> None:
    assert seconds_to_wait({"Retry-After": said}, unsaid=60) == seconds


def test_a_date_counts_from_now() -> None:
    moment = int(time.time()) + 4000
    before = time.time()
    wait = seconds_to_wait({"Retry-After": formatdate(moment, usegmt=True)}, unsaid=5)
    assert moment - time.time() <= wait <= moment - before


@pytest.mark.parametrize("name", ["Retry-After", "X-RateLimit-Reset"])
def test_a_moment_that_is_over_is_no_wait(name: str) -> None:
    said = "Fri, 31 Dec 1999 23:59:59 GMT" if name == "Retry-After" else "1502035959"
    assert seconds_to_wait({name: said}, unsaid=60) == 0


def test_anilists_moment_counts_where_nothing_else_is_said() -> None:
    moment = int(time.time()) + 2000
    before = time.time()
    wait = seconds_to_wait({"X-RateLimit-Reset": str(moment)}, unsaid=60)
    assert moment - time.time() <= wait <= moment - before
    assert seconds_to_wait({"X-RateLimit-Reset": str(moment), "Retry-After": "3"}, unsaid=60) == 3


@pytest.mark.parametrize("said", ["", "soon", "-5", "1e9", "٣", "9" * 400, "Fri, 99 Dec 1999 23:59:59 GMT"])
def test_what_cannot_be_read_counts_as_unsaid(said: str) -> None:
    assert seconds_to_wait({"Retry-After": said}, unsaid=60) == 60
    assert seconds_to_wait({}, unsaid=60) == 60
