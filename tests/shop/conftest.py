import pytest

from huipai.streets.models import Street
from tests.shop.shop import Shop, open_shop


@pytest.fixture
def shop_open(in_yunqiao: Street) -> Shop:
    """Five bottles in one station, and somebody with 100 points."""
    return open_shop(in_yunqiao)
