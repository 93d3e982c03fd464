from tests.browser.browser import browser
from tests.cases.conftest import here, there

__all__ = ["browser", "here", "there"]
