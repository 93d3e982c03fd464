"""A paper of any words that may be typed can be written, and every one of them stands on it."""

import io

import pytest
from pypdf import PdfReader

from huipai.kit import prints
from huipai.kit.prints import Line, Paper


def paper(facts: tuple[tuple[str, str], ...] = (), lines: tuple[Line, ...] = ()) -> Paper:
    return Paper(
        title="案卷", subtitle="云桥街道", facts=[("编号", "A1"), *facts], words=[], pictures=[], lines=lines,
        mark="仅供办理", number="1", by="宗明月",
    )  # fmt: skip


def words_of(written: bytes) -> tuple[int, str]:
    reader = PdfReader(io.BytesIO(written))
    text = "".join(page.extract_text() for page in reader.pages)
    return len(reader.pages), "".join(text.split())


# So long may words be that residents and staff type: 2,000 signs, every third of them the end of a line if they like.
@pytest.mark.parametrize("said", ["字" * 1990 + "末尾", "\n".join(["一行"] * 660) + "末尾"])
def test_words_longer_than_a_page_go_on_on_the_next(said: str) -> None:
    step = Line(at="11 月 29 日 10:00", title="办完了", ground="", said=[said, "后一句"])
    pages, text = words_of(prints.write(paper(lines=(step, step))))
    assert pages > 1 and text.count("末尾") == 2 and text.count("后一句") == 2
    pages, text = words_of(prints.write(paper(facts=(("办结标准", said), ("附件", "图.pdf")))))
    assert pages > 1 and "末尾" in text and "图.pdf" in text


def test_of_empty_lines_in_a_row_one_is_left() -> None:
    said = "开头" + "\n \n" * 660 + "末尾"
    pages, text = words_of(prints.write(paper(lines=(Line(at="10:00", title="办完了", ground="", said=[said]),))))
    assert pages == 1 and "开头末尾" in text


def test_a_long_list_of_papers_fits() -> None:
    names = "、".join(["很长很长的附件名字" * 9 + ".pdf"] * 20)
    assert ".pdf" in words_of(prints.write(paper(facts=(("附件", names),))))[1]


def test_a_sign_that_the_type_lacks_is_named_and_not_left_out() -> None:
    """Words on paper are what was written: a rare sign of a name, or a picture between words, has its number there."""
    said = "路口🚦坏了，𬱖先生说的\u200d，很急\ufe0f"
    text = words_of(prints.write(paper(facts=(("说的", said),))))[1]
    assert "路口〔U+1F6A6〕坏了" in text and "很急" in text and "U+200D" not in text and "U+FE0F" not in text


def test_a_rare_sign_that_the_type_has_is_found_when_it_is_searched() -> None:
    """Names of people and places are written with signs that need two numbers of UTF-16."""
    said = "𬀩先生在𬮿庙，𬒈也在"
    text = words_of(prints.write(paper(facts=(("说的", said),))))[1]
    assert said in text and "〔U+" not in text
