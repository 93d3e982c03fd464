"""Django's sessions in the database, read by a planned statement."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db

from huipai.kit import clock, hot

_LOAD = "SELECT session_data FROM django_session WHERE session_key = %(key)s AND expire_date > %(now)s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """What this session holds; an unknown or expired one is empty and gets a new key when it is written."""
        found = hot.rows(_LOAD, {"key": self.session_key, "now": clock.now()})
        if not found:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found[0][0])
        return held
