"""Open the running demo in headless Chromium, type commands like a member, and save screenshots.

    make demo                                              # prints the address
    .venv/bin/python -m demo.screenshot ADDRESS --out docs

Needs Debian's packages chromium and chromium-driver.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as expect
from selenium.webdriver.support.ui import WebDriverWait

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=900,1450",
)
PATIENCE_SECONDS = 20
SAMPLE_LIST = Path(__file__).with_name("sample_list.xml")
COMPOSER = (By.ID, "channel-composer-input")


class Visitor:
    """A simulated user of the demo's page."""

    def __init__(self, address: str, profile: str) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        service = webdriver.ChromeService("/usr/bin/chromedriver")
        self.browser = webdriver.Chrome(options=options, service=service)
        self.wait = WebDriverWait(self.browser, PATIENCE_SECONDS)
        self.browser.get(address)
        self.wait.until(expect.element_to_be_clickable((By.ID, "messages-toggle"))).click()

    def choose(self, command: str) -> None:
        """Type a command's name and select it from the list."""
        self.wait.until(expect.element_to_be_clickable(COMPOSER)).send_keys(f"/{command}")
        self.suggestions(f"/{command}")  # menus of earlier answers have options, too
        self.browser.find_element(*COMPOSER).send_keys(Keys.ENTER)
        self.wait.until(expect.invisibility_of_element_located(COMPOSER))

    def fill(self, option: str, typed: str) -> None:
        """Type into an option's field."""
        field = (By.CSS_SELECTOR, f"input[aria-label^='{option}']")
        self.wait.until(expect.element_to_be_clickable(field)).send_keys(typed)

    def add(self, option: str) -> None:
        """Add an optional option to the command."""
        self.suggestions(option)
        found = (By.XPATH, f"//*[@role='option'][contains(., '{option}')]")
        self.browser.find_element(*found).click()

    def attach(self, option: str, path: Path) -> None:
        """Choose a file for an option."""
        field = (By.CSS_SELECTOR, f"input[type=file][data-option='{option}']")
        self.wait.until(expect.presence_of_element_located(field)).send_keys(str(path))

    def suggestions(self, containing: str) -> None:
        """Wait until a suggestion with this text is visible."""
        found = (By.XPATH, f"//*[@role='option'][contains(., '{containing}')]")
        self.wait.until(expect.visibility_of_element_located(found))

    def take(self) -> None:
        """Select the first suggestion."""
        self.browser.switch_to.active_element.send_keys(Keys.ENTER)

    def send(self, answer_contains: str) -> None:
        """Send the command and wait for its answer."""
        self.wait.until(expect.element_to_be_clickable((By.ID, "send-message"))).click()
        found = (By.XPATH, f"//*[contains(., '{answer_contains}')]")
        self.wait.until(expect.visibility_of_element_located(found))
        self.wait.until(expect.element_to_be_clickable(COMPOSER))

    def shows(self, text: str) -> None:
        """Wait until the text is visible on the page."""
        found = (By.XPATH, f"//*[contains(., '{text}')]")
        self.wait.until(expect.visibility_of_element_located(found))

    def press(self, label: str) -> None:
        """Press the last button with this label."""
        self.browser.find_elements(By.XPATH, f"//button[contains(., '{label}')]")[-1].click()

    def vote(self) -> None:
        """Vote for the first answer of the only poll that is open."""
        self.wait.until(expect.element_to_be_clickable((By.CSS_SELECTOR, "button.poll-answer"))).click()
        self.wait.until(expect.element_to_be_clickable((By.CLASS_NAME, "poll-submit"))).click()
        self.shows("Remove Vote")

    def keep(self, path: Path) -> None:
        """Save a screenshot of the page, with the latest message visible and all its images loaded."""
        self.wait.until(
            lambda browser: browser.execute_script(
                "return [...document.images].every(one => one.complete && one.naturalWidth > 0)"
            )
        )
        self.browser.execute_script(
            "for (const part of document.querySelectorAll('*'))"
            " if (part.scrollHeight > part.clientHeight + 50) part.scrollTop = part.scrollHeight;"
        )
        self.browser.save_screenshot(str(path))
        print(path)


def rate(visitor: Visitor, out: Path) -> None:
    """Find an anime despite a typo, and rate it."""
    visitor.choose("rate")
    visitor.fill("anime", "kimetu no yaiba")
    visitor.suggestions("Kimetsu no Yaiba")
    visitor.keep(out / "demo-rate.png")
    visitor.take()
    visitor.fill("score", "8")
    visitor.send("I expected")


def recommend(visitor: Visitor, out: Path) -> None:
    """Show picks with reasons and buttons, and plan one of them."""
    visitor.choose("recommend")
    visitor.send("Based on your")
    visitor.press("Plan")
    visitor.shows("Planned ✓")
    visitor.keep(out / "demo-recommend.png")


def import_list(visitor: Visitor, out: Path) -> None:
    """Show the preview of an import, before anything is imported."""
    visitor.choose("import")
    visitor.add("file")
    visitor.attach("file", SAMPLE_LIST)
    visitor.send("Your list from MyAnimeList")
    visitor.keep(out / "demo-import.png")


def server_list(visitor: Visitor, out: Path) -> None:
    """Show the server's list: most votes first, then the highest prediction first."""
    for typed, title in (("mushishi", "Mushishi"), ("samurai champloo", "Samurai Champloo")):
        visitor.choose("watchlist server add")
        visitor.fill("anime", typed)
        visitor.suggestions(title)
        visitor.take()
        visitor.send("is now on this server")
    visitor.choose("watchlist server show")
    visitor.send("The number is its votes")
    visitor.keep(out / "demo-watchlist-server.png")


def _ask(command: str, answer: str, anime: str | None = None) -> Callable[[Visitor, Path], None]:
    """Return the scene of a command, with an anime if the command takes one."""

    def scene(visitor: Visitor, out: Path) -> None:
        visitor.choose(command)
        if anime is not None:
            visitor.fill("title" if command == "anime" else "anime", anime)
            visitor.suggestions(anime)
            visitor.take()
        visitor.send(answer)
        visitor.keep(out / f"demo-{command.replace(' ', '-')}.png")

    scene.__name__ = command
    return scene


def suggest(visitor: Visitor, out: Path) -> None:
    """Show picks for the whole server, then for the members who joined."""
    visitor.choose("suggest")
    visitor.send("Vote on these")
    visitor.keep(out / "demo-suggest.png")
    visitor.press("m in")
    visitor.shows("m in · 1")
    visitor.keep(out / "demo-suggest-in.png")


def watchparty(visitor: Visitor, out: Path) -> None:
    """Show a watch party's picks, the vote and the winner."""
    visitor.choose("watchparty")
    visitor.add("when")
    visitor.fill("when", "tomorrow 8pm")
    visitor.send("Start the vote")
    visitor.keep(out / "demo-watchparty.png")
    visitor.press("Start the vote")
    visitor.shows("End the vote now")
    visitor.keep(out / "demo-vote.png")
    visitor.vote()
    visitor.press("End the vote now")
    visitor.shows("with the only vote")
    visitor.keep(out / "demo-winner.png")


def rated_watchparty(visitor: Visitor, out: Path) -> None:
    """Decide a watch party without a vote, and rate it."""
    visitor.choose("watchparty")
    visitor.send("Skip the vote")
    visitor.press("Skip the vote")
    visitor.shows("Decided")
    visitor.keep(out / "demo-decided.png")
    visitor.press("Watched: rate it")
    visitor.shows("How was")
    visitor.keep(out / "demo-rating.png")


def _with_ben(command: str, answer: str) -> Callable[[Visitor, Path], None]:
    """Return the scene of a command about another member."""

    def scene(visitor: Visitor, out: Path) -> None:
        visitor.choose(command)
        visitor.fill("member", "ben")
        visitor.suggestions("Ben")
        visitor.take()
        visitor.send(answer)
        visitor.keep(out / f"demo-{command}.png")

    scene.__name__ = command
    return scene


SCENES = (
    import_list,
    rate,
    recommend,
    _ask("why", "how well others like it", "Death Note"),
    _ask("anime", "MyAnimeList", "Mushishi"),
    _ask("similar", "Mushishi", "Mushishi"),
    _ask("continue", "Series that you"),
    _ask("surprise", "A hidden gem"),
    _ask("watchlist mine", "plan"),
    server_list,
    _ask("start", "of 10"),
    suggest,
    watchparty,
    rated_watchparty,
    _with_ben("compare", "that both rated"),
    _with_ben("lend", "Ben"),
    _ask("server top", "raters"),
    _ask("server taste", "world"),
    _ask("server activity", "week"),
    _ask("settings", "Time zone"),
    _ask("schedule show", "schedule"),
    _ask("watchlist server history", "watched"),
    _ask("fairness", "watch part"),
)


def main() -> None:
    """Run every scene and save its screenshot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="as the demo prints it")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--only", default="", help="scenes whose name contains this")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        visitor = Visitor(options.address, profile)
        try:
            for scene in SCENES:
                if options.only in scene.__name__:
                    scene(visitor, options.out)
        except TimeoutException:
            visitor.keep(options.out / "demo-failed.png")
            raise
        finally:
            visitor.browser.quit()


if __name__ == "__main__":
    main()
