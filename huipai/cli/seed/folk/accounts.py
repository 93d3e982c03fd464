"""The accounts that the demo prints: one a role, each opened by the demo's one fixed code."""

from typing import NamedTuple

from django.conf import settings

from huipai.people.words import Role


class DemoAccount(NamedTuple):
    role: str
    name: str
    phone: str
    code: str

    def __str__(self) -> str:
        return f"{self.phone}  {self.code}  {self.role}  {self.name}"


# In this order: those whom a visitor wants to be first come first.
SHOWN: tuple[Role, ...] = (
    Role.GRID_WORKER,
    Role.CHECKER,
    Role.PART_TIME_MEMBER,
    Role.COORDINATOR,
    Role.DISPATCHER,
    Role.UNIT_HANDLER,
    Role.UNIT_LEAD,
    Role.RULEBOOK_EDITOR,
    Role.BOARD_MEMBER,
    Role.REVIEWER,
    Role.STATION_HOST,
    Role.LEADER,
    Role.AUDITOR,
    Role.SECURITY_ADMIN,
    Role.SYSTEM_ADMIN,
)


def fixed_code() -> str:
    return settings.FIXED_CODE or "开发收件箱"
