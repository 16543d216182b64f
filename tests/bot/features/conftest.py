"""What features do in a database: all of it on SQLite, and on PostgreSQL what together runs every statement."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_engines: of a feature's tests, one that runs on PostgreSQL every time")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the long run what would only run the same statements on PostgreSQL again."""
    for item in items:
        if (
            isinstance(item, pytest.Function)
            and item.path.is_relative_to(Path(__file__).parent)
            and getattr(item, "callspec", None) is not None
            and item.callspec.params.get("database_url") == "postgresql"
            and not item.get_closest_marker("both_engines")
        ):
            item.add_marker("long")
