"""Excel and CSV with declared columns: Chinese headers in, rows with sentences for what is wrong; harmless files out.

BUILDINGS = Table("楼栋", (Column("code", "编码", text(40)), Column("name", "名称", text(80))))
found = read(file, tables=[BUILDINGS])["楼栋"]
found.rows      # right rows: row["code"], and their number as the spreadsheet counts
found.problems  # row, column header, sentence
"""

from huipai.kit.sheets.columns import (
    SHANGHAI,
    Column,
    NotATable,
    Problem,
    Row,
    Rows,
    Table,
    Wrong,
    beginning_of,
    choice,
    day,
    matching,
    number,
    plain_signs,
    text,
    written,
)
from huipai.kit.sheets.reading import MAX_BYTES, read
from huipai.kit.sheets.writing import harmless, write_csv, write_template, write_workbook

__all__ = [
    "MAX_BYTES",
    "SHANGHAI",
    "Column",
    "NotATable",
    "Problem",
    "Row",
    "Rows",
    "Table",
    "Wrong",
    "beginning_of",
    "choice",
    "day",
    "harmless",
    "matching",
    "number",
    "plain_signs",
    "read",
    "text",
    "write_csv",
    "write_template",
    "write_workbook",
    "written",
]
