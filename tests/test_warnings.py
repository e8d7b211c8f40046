"""Which deprecation warnings fail a test: those of our own code, not those of a library's."""

from __future__ import annotations

import warnings

import pytest

KINDS = (DeprecationWarning, PendingDeprecationWarning)


def warn_from(module: str, kind: type[Warning]) -> None:
    """Warn as code of that module would."""
    warnings.warn_explicit("is deprecated", kind, filename=f"{module}.py", lineno=1, module=module)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("module", ["discord.utils", "botocore.client", "testscenarios", "numpy"])
def test_a_librarys_deprecation_fails_no_test(module: str, kind: type[Warning]) -> None:
    warn_from(module, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "module",
    [
        "hakken",
        "hakken.model.item_knn",
        "bot",
        "bot.ui.embeds",
        "tests.test_warnings",
        "demo",
        "benchmarks.table",
    ],
)
def test_a_deprecation_of_our_own_fails(module: str, kind: type[Warning]) -> None:
    with pytest.raises(kind):
        warn_from(module, kind)


@pytest.mark.parametrize("kind", [UserWarning, RuntimeWarning, ResourceWarning, SyntaxWarning])
def test_any_other_warning_fails_wherever_it_comes_from(kind: type[Warning]) -> None:
    with pytest.raises(kind):
        warn_from("discord.utils", kind)
