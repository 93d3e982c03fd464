"""How large a file is stands there in the words of the page."""

import pytest
from django.utils.translation import override

from huipai.web.sizes import size


@pytest.mark.parametrize(
    ("count", "said", "english"),
    [
        (1, "1 字节", "1 byte"), (41, "41 字节", "41 bytes"), (12_300, "12 KB", "12 KB"),
        (20 * 1024 * 1024, "20.0 MB", "20.0 MB"),
    ],
)  # fmt: skip
def test_in_bytes_kilobytes_and_megabytes(count: int, said: str, english: str) -> None:
    assert size(count) == said
    with override("en"):
        assert size(count) == english
