"""The rows of the people against those who are registered and assigned."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from huipai.grid.models import Assignment, GridNode
from huipai.grid.queries.plan.steps import PlannedAssignment, PlannedPerson, TreePlan, instant, once
from huipai.grid.words import STREET_ROLES, UNIT_ROLES, Level
from huipai.kit.sheets import Row, Rows
from huipai.people import queries as people
from huipai.people.commands import NumberInDoubt
from huipai.people.models import Account, Person
from huipai.people.rules import local_date, normalise_phone
from huipai.people.words import ROLES_WITHOUT_EMPLOYMENT, Role

# Phone, role, and the codes of node and unit.
_Held = tuple[str, str, str | None, str | None]


class People:
    """The rows of the people against those who are registered and assigned."""

    def __init__(
        self,
        plan: TreePlan,
        rows: Rows,
        levels: Mapping[str, Level],
        units: set[str],
        asked_by: Person | None,
        at: datetime,
    ) -> None:
        self.plan, self.rows, self.levels, self.units, self.at = plan, rows, levels, units, at
        self.asked_by = asked_by
        self.phones = {row.number: normalise_phone(row["phone"]) for row in rows.rows}
        self.deputies = {row.number: normalise_phone(row["deputy"] or "") for row in rows.rows}
        wanted = {phone for phone in [*self.phones.values(), *self.deputies.values()] if phone}
        registered = Person.objects.filter(account__phone__in=wanted).select_related("account")
        self.registered = {person.account.phone: person for person in registered if person.account}
        self.held, self.ahead = self._held()
        accounts = Account.objects.filter(phone__in=wanted)
        self.in_doubt = {account.phone for account in accounts if not people.is_theirs_today(account, at)}
        # Nodes that are there, and those of this very file that say from when they are.
        named = GridNode.objects.valid_at(at).filter(code__in={row["node"] for row in rows.rows})
        self.begins = dict(named.values_list("code", "valid_from"))
        self.begins |= {node.code: node.valid_from for node in plan.new_nodes if node.valid_from}
        self.employed = {self.phones[row.number] for row in rows.rows if row["role"] not in ROLES_WITHOUT_EMPLOYMENT}
        self.names: dict[str, str] = {}

    def _held(self) -> tuple[set[_Held], dict[_Held, datetime]]:
        """What they hold now, and from when they will hold what is assigned ahead."""
        persons = {person.pk: phone for phone, person in self.registered.items() if phone}
        found = Assignment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=self.at), person__in=persons)
        now: set[_Held] = set()
        ahead: dict[_Held, datetime] = {}
        for one in found.select_related("node", "unit").order_by("-valid_from"):
            node, unit = one.node.code if one.node else None, one.unit.code if one.unit else None
            held = (persons[one.person_id], one.role, node, unit)
            if one.valid_from <= self.at:
                now.add(held)
            else:
                ahead[held] = one.valid_from
        return now, ahead

    def take(self) -> None:
        planned: dict[str, PlannedPerson] = {}
        taken: list[Row] = []
        for row in once(self.rows, self._same, "role", _("这一行和上面的一行相同")):
            problem = self._problem(row)
            if problem:
                self.rows.complain(row.number, *problem)
                continue
            phone = self.phones[row.number] or ""
            self.names.setdefault(phone, row["name"])
            is_employed = row["role"] not in ROLES_WITHOUT_EMPLOYMENT
            before = planned.get(phone)
            planned[phone] = PlannedPerson(phone, row["name"], is_employed or bool(before and before.is_employed))
            self._assign(row, phone)
            taken.append(row)
        self.plan.people = [person for phone, person in planned.items() if self._is_new(phone, person)]
        self._check_deputies(taken, planned)

    def _same(self, row: Row) -> Hashable:
        return self.phones[row.number] or row.number, row["role"], row["node"], row["unit"]

    def _problem(self, row: Row) -> tuple[str, str] | None:
        phone, role = self.phones[row.number], row["role"]
        if phone is None:
            return "phone", _("手机号不对，要 11 位")
        if row["deputy"] and self.deputies[row.number] in (None, phone):
            return "deputy", _("代理人要是另一个人的 11 位手机号")
        if row["since"] and row["until"] and row["until"] < row["since"]:
            return "until", _("结束日期不能早于开始日期")
        return (
            self._problem_of_name(row["name"], phone, role)
            or self._problem_of_scope(row)
            or self._problem_of_task(row, (phone, role, row["node"], row["unit"]))
        )

    def _problem_of_task(self, row: Row, wanted: _Held) -> tuple[str, str] | None:
        """What the commands would refuse of the task itself."""
        if wanted in self.held:
            return None
        here, begins, until = self.registered.get(wanted[0]), instant(row["since"]) or self.at, instant(row["until"])
        if here is not None and here == self.asked_by:
            return "phone", _("这是您自己，不能给自己派任务。删掉这一行，请另一位管理员来办")
        if wanted[0] in self.in_doubt and (here is None or here.name != row["name"]):
            return "phone", str(NumberInDoubt.default_reason)
        of_node = self.begins.get(row["node"])
        if of_node is not None and local_date(begins) < local_date(of_node):
            words = _("编码 %(code)s 从 %(day)s 才启用，不能比它早")
            return "since", words % {"code": row["node"], "day": local_date(of_node)}
        if wanted in self.ahead and (until is None or until > self.ahead[wanted]):
            return "since", _("他以后已经派了这个任务，时间不能重叠")
        return None

    def _problem_of_name(self, name: str, phone: str, role: Role) -> tuple[str, str] | None:
        here = self.registered.get(phone)
        if self.names.get(phone, name) != name:
            return "name", _("同一个手机号在表里写了两个名字")
        if here is not None and here.name and here.name != name:
            return "name", _("这个手机号登记的是另一个名字")
        is_employed = phone in self.employed or (here is not None and here.is_staff)
        if role == Role.PART_TIME_MEMBER and is_employed:
            return "role", _("兼职网格员由居民担任，在职人员请选专职")
        return None

    def _problem_of_scope(self, row: Row) -> tuple[str, str] | None:
        role, node, unit = row["role"], row["node"], row["unit"]
        if role in UNIT_ROLES:
            if node is not None or unit is None:
                return "unit", _("这个角色填单位编码，不填网格编码")
            return None if unit in self.units else ("unit", _("没有编码是 %(code)s 的单位") % {"code": unit})
        if unit is not None or node is None:
            return "node", _("这个角色填网格编码，不填单位编码")
        if node not in self.levels:
            return "node", _("没有编码是 %(code)s 的网格") % {"code": node}
        if role in STREET_ROLES and self.levels[node] != Level.STREET:
            return "node", _("这个角色管整个街道，要填街道的编码")
        if role == Role.COORDINATOR and self.levels[node] not in (Level.STREET, Level.COMMUNITY):
            return "node", _("社区协调员管一个社区，要填社区的编码")
        return None

    def _assign(self, row: Row, phone: str) -> None:
        if (phone, row["role"], row["node"], row["unit"]) in self.held:
            self.plan.unchanged += 1
            return
        self.plan.assignments.append(
            PlannedAssignment(
                phone=phone,
                role=row["role"],
                node=row["node"],
                unit=row["unit"],
                valid_from=instant(row["since"]),
                valid_until=instant(row["until"]),
                deputy=self.deputies[row.number],
            )
        )

    def _is_new(self, phone: str, person: PlannedPerson) -> bool:
        here = self.registered.get(phone)
        return here is None or (person.is_employed and not here.is_staff)

    def _check_deputies(self, taken: list[Row], planned: Mapping[str, PlannedPerson]) -> None:
        """A deputy is somebody in the table or registered, and could hold the role himself."""
        for row in taken:
            deputy = self.deputies[row.number]
            if deputy is None:
                continue
            here, new = self.registered.get(deputy), planned.get(deputy)
            is_employed = bool((here and here.is_staff) or (new and new.is_employed))
            if here is None and new is None:
                self.rows.complain(row.number, "deputy", _("代理人不在表里，也没有登记过"))
            elif is_employed != (row["role"] not in ROLES_WITHOUT_EMPLOYMENT) and row["role"] != Role.CHECKER:
                self.rows.complain(row.number, "deputy", _("代理人自己也要能担任这个角色"))
