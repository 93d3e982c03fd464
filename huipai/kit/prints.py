"""Paper: a PDF that carries its own type, whose words can be searched, and that says on each page who took it.

ReportLab embeds only the signs that are used, with their meaning; the type comes with the locked front-end packages.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

_PLAIN, _BOLD = "print-plain", "print-bold"
_INK, _MUTED, _LINE = colors.HexColor("#26211A"), colors.HexColor("#665D50"), colors.HexColor("#E6DCCB")
_POND = colors.HexColor("#0E5F68")
_SIDE, _TOP, _FOOT = 20 * mm, 18 * mm, 22 * mm
_WIDTH = A4[0] - 2 * _SIDE
_registering = Lock()
_EMPTY_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Picture:
    """A JPEG and the words below it."""

    content: bytes
    caption: str


@dataclass(frozen=True)
class Line:
    """One step: when, what, why, and what was said on it."""

    at: str
    title: str
    ground: str = ""
    said: Sequence[str] = ()


@dataclass(frozen=True)
class Paper:
    """What stands on it, in its order. `left_out`: how many pictures are not. `mark`: on every page, and across."""

    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    words: Sequence[str]
    pictures: Sequence[Picture]
    lines: Sequence[Line]
    mark: str
    number: str
    by: str
    pair: tuple[Picture, Picture] | None = None
    keywords: Sequence[str] = field(default_factory=tuple)
    left_out: str = ""


def write(paper: Paper) -> bytes:
    """The PDF, with searchable text and its properties filled in."""
    _register()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, leftMargin=_SIDE, rightMargin=_SIDE, topMargin=_TOP, bottomMargin=_FOOT, title=paper.title,
        author=paper.by, subject=paper.mark, keywords=[paper.number, *paper.keywords], creator="慧拍",
    )  # fmt: skip
    frame = Frame(_SIDE, _FOOT, _WIDTH, A4[1] - _TOP - _FOOT, leftPadding=0, rightPadding=0, topPadding=0)
    document.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=lambda canvas, _doc: _marked(canvas, paper)))
    document.build(_flow(paper))
    return out.getvalue()


@cache
def _files() -> dict[str, str]:
    return {
        _PLAIN: str(settings.PRINT_FONTS / "400Regular" / "NotoSansSC_400Regular.ttf"),
        _BOLD: str(settings.PRINT_FONTS / "700Bold" / "NotoSansSC_700Bold.ttf"),
    }


# A sign beyond the first 65,536 in a table of meanings, as ReportLab writes it: its bare number.
_BEYOND = re.compile(r"(?<=> <)[0-9A-F]{5,6}(?=>)")


class _Type(TTFont):
    """A type whose every sign can be searched: the format asks for meanings in UTF-16, also of signs beyond the first
    65,536, which names of people and places are written with."""

    def addObjects(self, doc: Any) -> None:
        super().addObjects(doc)
        for name, written in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                written.content = _BEYOND.sub(_in_utf_16, written.content)


def _in_utf_16(number: re.Match[str]) -> str:
    return chr(int(number[0], 16)).encode("utf-16-be").hex().upper()


def _register() -> None:
    """Read the type once a process."""
    with _registering:
        for name, file in _files().items():
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(_Type(name, file))


def _style(name: str, size: float, *, bold: bool = False, colour: Any = _INK, after: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=_BOLD if bold else _PLAIN, fontSize=size, leading=size * 1.55, textColor=colour, wordWrap="CJK",
        spaceAfter=after,
    )  # fmt: skip


_TITLE = _style("title", 20, bold=True, after=2)
_SUB = _style("sub", 10.5, colour=_MUTED, after=10)
_HEAD = _style("head", 13, bold=True, colour=_POND, after=6)
_BODY, _NOTE, _STRONG = _style("body", 10.5), _style("note", 9.5, colour=_MUTED), _style("strong", 10.5, bold=True)


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    """Whatever was typed is text, never markup. Of empty lines in a row one is enough: each costs as much as a full one
    on every page over which the words go.
    """
    return Paragraph(escape(_legible(_EMPTY_LINES.sub("\n\n", text), style.fontName)).replace("\n", "<br/>"), style)


def _legible(text: str, font: str) -> str:
    """The same, with the number of each sign that the type lacks in its place: on paper nothing is left out unsaid."""
    type_: Any = pdfmetrics.getFont(font)
    known = type_.face.charToGlyph
    return "".join(sign if ord(sign) in known or not _is_drawn(sign) else f"〔U+{ord(sign):04X}〕" for sign in text)


def _is_drawn(sign: str) -> bool:
    """Spaces, ends of lines and what only joins or varies its neighbours draw nothing by themselves."""
    return not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf", "Mn", "Me")


def _flow(paper: Paper) -> list[Flowable]:
    flow: list[Flowable] = [_words(paper.title, _TITLE), _words(paper.subtitle, _SUB), _facts(paper.facts)]
    for words in paper.words:
        flow += [Spacer(1, 10), _words(_("「%(words)s」") % {"words": words}, _BODY)]
    flow += _photos(paper)
    if paper.lines:
        flow += [Spacer(1, 14), _words(_("经过"), _HEAD), *(_line(line) for line in paper.lines)]
    return flow


def _facts(facts: Sequence[tuple[str, str]]) -> Flowable:
    rows = [[_words(name, _NOTE), _words(value, _BODY)] for name, value in facts]
    table = Table(rows, colWidths=[32 * mm, _WIDTH - 32 * mm], hAlign="LEFT", splitInRow=1)
    table.setStyle(_table_style(padding=3))
    return table


def _table_style(*, padding: float) -> TableStyle:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), padding),
            ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
        ]
    )


def _photos(paper: Paper) -> list[Flowable]:
    flow: list[Flowable] = []
    if paper.pair:
        flow += [Spacer(1, 14), KeepTogether([_words(_("办理前后"), _HEAD), _row(paper.pair)])]
    others = [paper.pictures[start : start + 2] for start in range(0, len(paper.pictures), 2)]
    if others:
        flow += [Spacer(1, 14), KeepTogether([_words(_("照片"), _HEAD), _row(others[0])]), *map(_row, others[1:])]
    return flow + ([Spacer(1, 6), _words(paper.left_out, _NOTE)] if paper.left_out else [])


def _row(pictures: Sequence[Picture]) -> Flowable:
    half = _WIDTH / 2
    cells = [[_fitted(one.content, half - 10, 70 * mm), _words(one.caption, _NOTE)] for one in pictures]
    table = Table([[*cells, *([""] if len(cells) == 1 else [])]], colWidths=[half, half], hAlign="LEFT")
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return table


def _fitted(content: bytes, width: float, height: float) -> Image:
    wide, high = ImageReader(io.BytesIO(content)).getSize()
    scale = min(width / wide, height / high)
    return Image(io.BytesIO(content), width=wide * scale, height=high * scale, hAlign="LEFT")


def _line(line: Line) -> Flowable:
    told: list[Flowable] = [_words(line.title, _STRONG)]
    told += [_words(line.ground, _NOTE)] if line.ground else []
    told += [_words(_("「%(words)s」") % {"words": said}, _BODY) for said in line.said]
    # Words may be longer than a page: a row that cannot be broken would be on none.
    table = Table([[_words(line.at, _NOTE), told]], colWidths=[38 * mm, _WIDTH - 38 * mm], hAlign="LEFT", splitInRow=1)
    table.setStyle(_table_style(padding=4))
    return table


def _marked(canvas: Any, paper: Paper) -> None:
    """Who took it, across the page over whatever stands on it, and at its foot; and which page it is."""
    canvas.saveState()
    canvas.setFillColor(colors.HexColor("#26211A"), alpha=0.07)
    canvas.setFont(_PLAIN, 26)
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(35)
    for step in (-2, -1, 0, 1, 2):
        canvas.drawCentredString(0, step * 60 * mm, _legible(f"{paper.by}　{paper.number}", _PLAIN))
    canvas.restoreState()
    canvas.saveState()
    canvas.setFillColor(_MUTED)
    canvas.setFont(_PLAIN, 8)
    canvas.drawString(_SIDE, 12 * mm, _legible(paper.mark, _PLAIN))
    canvas.drawRightString(A4[0] - _SIDE, 12 * mm, _("第 %(page)s 页") % {"page": canvas.getPageNumber()})
    canvas.restoreState()
