"""The browser sees what is committed, so each test settles its streets itself."""

from collections.abc import Iterator

import pytest

from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.browser.browser import browser
from tests.cases.conftest import Place, open_street, settle
from tests.remembered import remembered

__all__ = ["browser"]


@pytest.fixture
def here(db: None) -> Iterator[Place]:
    """云桥街道, in force."""
    place = remembered(_settled)
    with in_street(place.street.id):
        yield place


def _settled() -> Place:
    return settle(open_street("yunqiao", "云桥街道"), 1)


@pytest.fixture
def there(hetang: Street) -> Place:
    """荷塘街道, not in force."""
    return settle(hetang, 2)
