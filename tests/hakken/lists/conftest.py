"""Lists in the forms that people have, and the titles of the small catalogue."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hakken import Catalogue
from hakken.catalogue.search import TitleSearch

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def titles(catalogue: Catalogue) -> TitleSearch:
    return TitleSearch(catalogue)


@pytest.fixture(scope="session")
def export() -> bytes:
    """MyAnimeList's export of today."""
    return (FIXTURES / "export.xml").read_bytes()


@pytest.fixture(scope="session")
def malappinfo() -> bytes:
    """The form of the old `malappinfo.php`."""
    return (FIXTURES / "malappinfo.xml").read_bytes()


def parsed(xml: bytes) -> ET.Element:
    """A list by another parser."""
    return ET.fromstring(xml)  # noqa: S314 - it is ours, or known to be harmless
