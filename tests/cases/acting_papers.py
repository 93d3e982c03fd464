"""Papers that could act on their own when they are opened, and papers that look a little like it and do not."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from openpyxl import Workbook
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def _document(types: str = "", relations: str = "", encoding: str = "utf-8", **parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        main = (
            "" if "word/document.xml" in types else f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/>'
        )
        made.writestr("[Content_Types].xml", f'{head}<Types xmlns="{_TYPES}">{main}{types}</Types>'.encode(encoding))
        made.writestr("word/document.xml", "<x/>")
        made.writestr(
            "word/_rels/document.xml.rels",
            f'{head}<Relationships xmlns="{_RELS}">{relations}</Relationships>'.encode(encoding),
        )
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def _relation(kind: str, target: str, *, outside: bool = True) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="r1" Type="{_KIND}/{kind}" Target="{target}"{mode}/>'


_VBA = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
_MACRO = (
    '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
)
_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


def _with_a_doctype() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("[Content_Types].xml", f"{_BOMB}<x>&b;</x>")
        made.writestr("word/document.xml", "<x/>")
    return file.getvalue()


ACTING_PACKAGES = {
    "a part of VBA under another name": _document(_VBA, **{"word/hello.bin": b"x"}),
    "a document of the kind with macros": _document(_MACRO),
    "the same in UTF-16": _document(_MACRO, encoding="utf-16"),
    "a template from outside": _document(relations=_relation("attachedTemplate", "http://a.invalid/x.dotm")),
    "an object from outside": _document(relations=_relation("oleObject", "http://a.invalid/x")),
    "a frame from outside": _document(relations=_relation("frame", "http://a.invalid/x")),
    "a picture from outside": _document(relations=_relation("image", "http://a.invalid/x.png")),
    "an object inside": _document(
        relations=_relation("oleObject", "embeddings/oleObject1.bin", outside=False),
        **{"word/embeddings/oleObject1.bin": b"MZ"},
    ),
    "another file inside": _document(relations=_relation("package", "embeddings/a.docx", outside=False)),
    "a list that grows when it is read": _with_a_doctype(),
    "a list longer than we read": _document("<a/>" * 400_000),
    "a list that cannot be read": _document("<a>"),
}


def _pdf(added: bytes, head: bytes = b"%PDF-1.7\n") -> bytes:
    return head + b"1 0 obj<</Type/Catalog" + added + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _packed(content: bytes, told: bytes = b"/Filter/FlateDecode") -> bytes:
    stream = zlib.compress(b"5 0 " + content)
    return _pdf(b">>endobj 4 0 obj<</Type/ObjStm/N 1/First 4" + told + b">>stream\n" + stream + b"\nendstream")


def _written(*, attached: bool = False, secret: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    if attached:
        writer.add_attachment("a.exe", b"MZ")
    if secret:
        writer.encrypt(secret, algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


ACTING_PDFS = {
    "a script when it opens": _pdf(b"/OpenAction<</S/JavaScript/JS(app.alert)>>"),
    "a script in other letters": _pdf(b"/OpenAction<</S/Java#53cript/J#53(app.alert)>>"),
    "a script of a rendition": _pdf(b"/AA<</O<</S/Rendition/JS 7 0 R>>>>"),
    "a script among packed objects": _packed(b"<</S/JavaScript/JS(app.alert)>>"),
    "objects packed as we do not read": _packed(b"<</A/B>>", b"/Filter[/ASCIIHexDecode/FlateDecode]"),
    "objects that unpack to more than we read": _packed(b" " * 3_000_000),
    "a program to start": _pdf(b"/OpenAction<</S/Launch/F(calc.exe)>>"),
    "a file inside": _written(attached=True),
    "a password": _written(secret="secret"),
}


def _drawn() -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(420, 300))
    canvas.drawString(40, 40, "JS, EF and JavaScript in words")
    canvas.linkURL("https://a.invalid/", (0, 0, 10, 10))
    canvas.save()
    return file.getvalue()


def _table() -> bytes:
    file = BytesIO()
    book = Workbook()
    book.active["A1"] = "车位"
    book.active["A1"].hyperlink = "https://a.invalid/"
    book.save(file)
    return file.getvalue()


CALM = {
    "a drawing with a link": _drawn(),
    "packed objects that do nothing": _packed(b"<</Title(JS)/JSmall 1/EFG 2>>"),
    "three letters within a picture": _pdf(b">>endobj 4 0 obj<</Filter/DCTDecode>>stream\n\xff/JS \x01endstream"),
    "a page as a library writes it": _written(),
    "a document with a link": _document(relations=_relation("hyperlink", "https://a.invalid/")),
    "a table with a link": _table(),
}
