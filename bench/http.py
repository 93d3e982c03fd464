"""Requests as bytes, written out once."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode


def get(host: str, path: str, *, cookies: str = "") -> bytes:
    return _head("GET", host, path, {"Cookie": cookies}) + b"\r\n"


def post_form(host: str, path: str, fields: Mapping[str, str], *, cookies: str = "") -> bytes:
    body = urlencode(fields).encode()
    headers = {
        "Cookie": cookies,
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
    }
    return _head("POST", host, path, headers) + b"\r\n" + body


def _head(method: str, host: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept: text/html", "Accept-Encoding: identity"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value]
    return ("\r\n".join(lines) + "\r\n").encode()
