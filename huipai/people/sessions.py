"""Django's sessions in the database, read by a planned statement and written key by key."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import transaction

from huipai.kit import clock, hot

_LOAD = "SELECT session_data FROM django_session WHERE session_key = %(key)s AND expire_date > %(now)s"


class SessionStore(db.SessionStore):
    """Requests of one browser run side by side, and each writes only the keys that it changed.

    Django's own store writes all that a request had read, so that a picture's request that began before a form was
    sent would take away what the form's answer had to say.
    """

    _as_read = ""

    def load(self) -> dict[str, Any]:
        """What this session holds; an unknown or expired one is empty and gets a new key when it is written."""
        found = hot.rows(_LOAD, {"key": self.session_key, "now": clock.now()})
        if not found:
            self._session_key = None
            return {}
        self._as_read = found[0][0]
        held: dict[str, Any] = self.decode(self._as_read)
        return held

    def save(self, must_create: bool = False) -> None:
        """Afterwards the row holds what was changed here, and of the rest what others wrote meanwhile."""
        if not must_create and self.session_key is not None:
            if self._nobody_else_wrote():
                return
            with transaction.atomic():
                self._take_in_others()
                super().save()
        else:
            super().save(must_create=must_create)

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        self._as_read = row.session_data
        return row

    def _nobody_else_wrote(self) -> bool:
        written = self.encode(dict(self.items()))
        same = self.model.objects.filter(session_key=self.session_key, session_data=self._as_read)
        if not same.update(session_data=written, expire_date=self.get_expiry_date()):
            return False
        self._as_read = written
        return True

    def _take_in_others(self) -> None:
        row = self.model.objects.select_for_update(no_key=True).filter(session_key=self.session_key).first()
        if row is None:
            return
        before, now = self.decode(self._as_read) if self._as_read else {}, self.decode(row.session_data)
        for key in before.keys() | now.keys():
            if self.get(key) == before.get(key):
                self._take(key, now)

    def _take(self, key: str, now: dict[str, Any]) -> None:
        if key in now:
            self[key] = now[key]
        else:
            self.pop(key, None)
