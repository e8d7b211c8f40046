"""Reasons why a list could not be fetched from a site, each with its own sentence for the member."""

from __future__ import annotations

from datetime import timedelta

from bot.limits import spoken
from bot.lists import MAX_ENTRIES, ListError


class SiteError(ListError):
    """A list could not be fetched, and retrying at once would not help."""


class PassingError(SiteError):
    """A list could not be fetched, but the next attempt may succeed."""


class AskedTooOftenError(PassingError):
    """A site got too many requests and wants a pause."""

    def __init__(self, site: str, retry_after: float) -> None:
        wait = spoken(timedelta(seconds=max(1, retry_after)))
        super().__init__(f"I asked {site} too often. Please try again in {wait}.")
        self.retry_after = retry_after
        """Seconds to wait, as the site said."""


def bad_name(site: str, longest: int) -> SiteError:
    """The name is not valid on the site."""
    return SiteError(
        f"Names on {site} have 2 to {longest} letters, digits, `-` or `_`. "
        "Please give only the name, without a link."
    )


def unknown_name(site: str, name: str) -> SiteError:
    """No user of the site has this name."""
    return SiteError(f"Nobody on {site} is called `{name}`. Please check the spelling.")


def private_list(site: str, name: str) -> SiteError:
    """The list is private, or visible to friends only."""
    return SiteError(
        f"The list of `{name}` on {site} is private. Please make it public while I read it, "
        "or export it there and import the file."
    )


def empty_list(site: str, name: str) -> SiteError:
    """The list exists but is empty."""
    return SiteError(f"The list of `{name}` on {site} is empty.")


def crowded(site: str) -> SiteError:
    """All slots for reading lists from this site stayed busy."""
    return SiteError(f"I am busy reading other lists from {site}. Please try again in a minute.")


def out_of_order(site: str, status: int) -> PassingError:
    """The site reports an error of its own."""
    return PassingError(f"{site} has a problem right now (HTTP {status}). Please try again later.")


def too_slow(site: str) -> PassingError:
    """The site did not answer in time."""
    return PassingError(f"{site} is too slow right now. Please try again later.")


def unreachable(site: str) -> PassingError:
    """The site cannot be connected to."""
    return PassingError(f"I can't reach {site} right now. Please try again later.")


def half_an_answer(site: str) -> PassingError:
    """The answer is incomplete, or a part of the list is missing."""
    return PassingError(f"{site}'s answer broke off, so nothing was imported. Please try again.")


def unknown_form(site: str) -> SiteError:
    """The answer is complete, but not in the format that the site documents."""
    return SiteError(
        f"I don't understand {site}'s answer, so nothing was imported. Please tell the people who run me. "
        "You can still export your list there and import the file."
    )


def too_large(site: str) -> SiteError:
    """The list has more entries than may be read."""
    return SiteError(
        f"That list on {site} is too large. I read up to {MAX_ENTRIES:,} entries. "
        "Nothing was imported. You can export it there and send it in parts."
    )


def turned_away(site: str) -> SiteError:
    """Access is forbidden, without a reason or for everyone at the moment."""
    return SiteError(f"{site} doesn't let me in right now. Please try again later.")


def refused(site: str, status: int) -> SiteError:
    """The site refused the request for any other reason."""
    return SiteError(f"{site} refused my request (HTTP {status}). Please tell the people who run me.")


def no_client_id() -> SiteError:
    """The operator has not registered the bot with MyAnimeList."""
    return SiteError(
        "I can't read lists from MyAnimeList until the people who run me set MAL_CLIENT_ID. "
        "You can import a file instead: <https://myanimelist.net/panel.php?go=export>"
    )


def invalid_client_id() -> SiteError:
    """MyAnimeList does not accept the bot's registration."""
    return SiteError(
        "MyAnimeList doesn't accept me until the people who run me correct MAL_CLIENT_ID. "
        "You can import a file instead: <https://myanimelist.net/panel.php?go=export>"
    )
