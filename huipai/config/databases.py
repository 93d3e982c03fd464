"""The database that an address names."""

from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def database(url: str, *, timeout: int, kept_seconds: int) -> dict[str, object]:
    """Django's settings of a `postgresql://user:password@host:port/name?host=/socket/folder`.

    Whatever else stands behind the question mark is libpq's, such as `sslmode=verify-full`.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as problem:
        raise ImproperlyConfigured(f"DATABASE_URL is not an address: {problem}") from problem
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    name = query.pop("dbname", "") or unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database: postgresql://user:password@host:port/name")
    return {
        "ENGINE": "huipai.streets.backend",
        "NAME": name,
        "USER": query.pop("user", "") or unquote(parts.username or ""),
        "PASSWORD": query.pop("password", "") or unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or port,
        "CONN_MAX_AGE": kept_seconds,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "options": f"{query.get('options', '')} -c statement_timeout={timeout} -c timezone=UTC".strip(),
        },
    }
