"""Time zones by name, city and abbreviation."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.errors import MemberError
from bot.times import find_zones, zone
from bot.times.zones import _BY_CALL


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("Tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        # As people call them; the zone itself, which has summer time, not the fixed offset.
        ("EST", "America/New_York"),
        ("edt", "America/New_York"),
        ("Eastern Time", "America/New_York"),
        ("CST", "America/Chicago"),
        ("Mountain Time", "America/Denver"),
        ("PST", "America/Los_Angeles"),
        ("Pacific Time", "America/Los_Angeles"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("CET", "Europe/Berlin"),
        ("Central European Summer Time", "Europe/Berlin"),
        ("EET", "Europe/Helsinki"),
        ("BST", "Europe/London"),
        ("JST", "Asia/Tokyo"),
        ("AEST", "Australia/Sydney"),
        ("Berlin time", "Europe/Berlin"),
    ],
)
def test_a_zone_goes_by_its_name_its_city_or_what_people_call_it(typed: str, name: str) -> None:
    assert zone(typed).key == name


@pytest.mark.parametrize("typed", ["", "IST", "PST8PDT", "Etc/GMT+5", "../../etc/passwd", "x" * 4_000, "\0"])
def test_what_names_no_place_is_refused_with_a_way_to_write_it(typed: str) -> None:
    with pytest.raises(MemberError, match=r"continent and city, such as `Europe/Berlin`"):
        zone(typed)


def test_a_mistyped_zone_brings_up_the_one_that_was_meant() -> None:
    assert find_zones("Europe/Berln")[0] == "Europe/Berlin"
    with pytest.raises(MemberError, match=r"Did you mean `Asia/Tokyo`"):
        zone("Asia/Tokio")


@pytest.mark.parametrize(
    ("abbreviation", "name"), [(call, name) for call, name in _BY_CALL.items() if len(call) > 2]
)
def test_clocks_there_show_the_abbreviation_at_some_time_of_the_year(abbreviation: str, name: str) -> None:
    """The time zone database as witness, where it has abbreviations: for some zones it writes '+03'."""
    months = [
        datetime(2026, month, 1, tzinfo=UTC).astimezone(ZoneInfo(name)).tzname() or "" for month in (1, 7)
    ]
    lettered = [one for one in months if one.isalpha()]
    if (
        abbreviation.endswith("t")
        and len(abbreviation) <= 4
        and lettered
        and abbreviation not in ("gmt", "aet")
    ):
        assert abbreviation.upper() in lettered
