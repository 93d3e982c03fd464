"""Line breaks, which people see as one and programs write in three ways."""


def one_break(text: str) -> str:
    """The text with every line break written in one way: a browser sends two signs, a workbook gives back one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
