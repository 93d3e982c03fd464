"""Reading the environment: each helper knows what one kind of value may be, and names the variable that is wrong."""

import ipaddress
import json
import os
import re
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cryptography import x509
from django.core.exceptions import ImproperlyConfigured

DEMO_SECRET = "only-for-demo-and-tests-" + "x" * 40
SECRET_LENGTH = 50
_HOST = re.compile(r"^(\.?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$", re.IGNORECASE)
_TILES = ("{z}", "{x}", "{y}")


def env(name: str, default: str | None = None) -> str:
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set")
    return value


def env_choice(name: str, default: str, choices: set[str]) -> str:
    return _one_of(name, env(name, default), choices)


def env_mode(name: str, default: str, choices: set[str]) -> str:
    """The same; but a line that names none is no wish for the default, which is the mode without locks."""
    return _one_of(name, os.environ.get(name, default), choices)


def _one_of(name: str, value: str, choices: set[str]) -> str:
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of {', '.join(sorted(choices))}")
    return value


def env_int(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number between the two; the largest that PostgreSQL takes unless said otherwise."""
    value = env(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number from {least} to {most}")
    return int(value)


def env_options(name: str, default: dict[str, str]) -> dict[str, object]:
    """An object of JSON."""
    value = env(name, json.dumps(default))
    try:
        found = json.loads(value)
    except ValueError as problem:
        raise ImproperlyConfigured(f"{name} is not JSON: {problem}") from problem
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} must be an object of JSON, such as {json.dumps(default)}")
    return found


def env_folder(name: str, default: str) -> str:
    """A folder that is there or could be made; whether we may write there is asked where somebody writes."""
    value = env(name, default)
    try:
        there = next((one for one in (Path(value), *Path(value).absolute().parents) if one.exists()), Path("/"))
    except OSError as problem:
        raise ImproperlyConfigured(f"{name} is {value!r}, which cannot be a folder: {problem.strerror}") from problem
    if value and not there.is_dir():
        raise ImproperlyConfigured(f"{name} is {value!r}, which cannot be a folder: {there} is none")
    return value


def env_certificate(name: str) -> str:
    """A file that holds one certificate in DER, or nothing: what it holds is handed to everybody."""
    value = env(name, "")
    try:
        if value:
            x509.load_der_x509_certificate(Path(value).read_bytes())
    except (OSError, ValueError) as problem:
        raise ImproperlyConfigured(f"{name} is {value!r}, which is no file with a certificate in DER") from problem
    return value


def env_gateway(name: str) -> str:
    """The address of a gateway, or nothing. What goes there is personal: over TLS, or on this machine."""
    value = env(name, "")
    parts = _address(value)
    safe = parts is not None and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts)))
    if value and not safe:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must begin with https://, or be on this machine")
    return value


def env_origin(name: str, default: str = "") -> str:
    """Under which name pages are reached, or nothing."""
    return _origin(name, env(name, default).rstrip("/"), wildcards=False)


def env_origins(name: str) -> list[str]:
    return [_origin(name, one, wildcards=True) for one in env_list(name)]


def _origin(name: str, value: str, *, wildcards: bool) -> str:
    parts = _address(value.replace("://*.", "://", 1) if wildcards else value)
    safe = parts is not None and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts)))
    if value and not (parts and safe and f"{parts.scheme}://{parts.netloc}" == value.replace("://*.", "://", 1)):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be an origin such as https://huipai.example")
    return value


def env_tiles(name: str) -> str:
    """A raster service, here or elsewhere, or nothing. Its host goes into the policy that every page carries."""
    value = env(name, "")
    plain = re.sub(r"\{[zxy]\}", "0", value)
    is_here = value.startswith("/") and not value.startswith("//")
    reached = is_here or (_is_web(plain) and plain.startswith("https:") and "{" not in origin_of(value))
    # Whatever else stands in braces is filled in by nobody: the map would be blank, and the policy of a page invalid.
    if value and not (reached and all(part in value for part in _TILES) and not re.search(r"[\s\"'<>\\{}]", plain)):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; it must be a path or an https address with {{z}}, {{x}} and {{y}} and nothing else "
            "in braces, such as https://t0.example/{z}/{x}/{y}"
        )
    return value


def origin_of(address: str) -> str:
    """Scheme and host of an address; nothing for one of ours."""
    return "/".join(address.split("/")[:3]) if "://" in address else ""


def env_secret(name: str, default: str | None) -> str:
    """At least as long as Django's own check asks for: sessions and addresses of photos are signed with it."""
    value = env(name, default)
    if len(value) < SECRET_LENGTH:
        raise ImproperlyConfigured(f"{name} must be random and at least {SECRET_LENGTH} characters long")
    if default is None and value == DEMO_SECRET:
        raise ImproperlyConfigured(f"{name} is the demo's, which everybody knows")
    return value


def env_token(name: str) -> str:
    """It goes into a header: one line of printable ASCII."""
    value = env(name, "")
    if not (value.isascii() and (value.isprintable())):
        raise ImproperlyConfigured(f"{name} must be one line of plain letters, digits and signs")
    return value


def env_mail_host(name: str) -> str:
    value = env(name, "")
    if value and not (_HOST.match(value) and not value.startswith(".")) and not _is_ip(value):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be the name of a host, such as mail.example")
    return value


def env_sender(name: str, default: str) -> str:
    value = env(name, default)
    _name, address = parseaddr(value)
    local, _at, host = address.rpartition("@")
    if not (value.isprintable() and local and host) or re.search(r"\s", address):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be an address of mail, such as huipai@huipai.example")
    return value


def env_hosts(name: str, default: str | None) -> list[str]:
    """Names without scheme, port and path. All of them at once is none: an address in a message would be anybody's."""
    hosts = env_list(name, default)
    if not hosts:
        raise ImproperlyConfigured(f"{name} names no host")
    wrong = [one for one in hosts if not (_HOST.match(one) or _is_ip(one))]
    if wrong:
        raise ImproperlyConfigured(f"{name} has {wrong[0]!r}; it must name hosts such as huipai.example, without port")
    return hosts


def env_list(name: str, default: str | None = "") -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def _address(value: str) -> SplitResult | None:
    """An address with a host that can be one; None for anything else."""
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    return parts if (_HOST.match(host) or _is_ip(host)) and not re.search(r"\s", value) else None


def _is_web(value: str) -> bool:
    parts = _address(value)
    return parts is not None and parts.scheme in {"http", "https"}


def _is_here(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
