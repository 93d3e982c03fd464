"""The browser sees what is committed, so each test settles its streets itself."""

from collections.abc import Iterator

import pytest

from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.browser.browser import browser
from tests.cases.conftest import Place, settle

__all__ = ["browser"]


@pytest.fixture
def here(yunqiao: Street) -> Iterator[Place]:
    """云桥街道, in force."""
    place = settle(yunqiao, 1)
    with in_street(yunqiao.id):
        yield place


@pytest.fixture
def there(hetang: Street) -> Place:
    """荷塘街道, not in force."""
    return settle(hetang, 2)
