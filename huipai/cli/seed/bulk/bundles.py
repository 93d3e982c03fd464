"""One case with everything that hangs on it, or two that were merged: what is stamped as a whole."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Model, Q

from huipai.cases.commands.intake import Sending
from huipai.cases.fact_words import Fact
from huipai.cases.models import (
    Case,
    CasePhoto,
    Check,
    Confirmation,
    Note,
    Pause,
    Report,
    ReportAnswers,
    Response,
    StageMark,
    StageRecord,
    Transition,
)
from huipai.cases.rules import drawing
from huipai.cases.rules.contents import content_hash
from huipai.cases.words import CheckResult, PositionSource, State
from huipai.cli.seed.bulk.moving import EPOCH, STAYS, Deed, Rulebook, epoch, expiry, spelled, weeks_that_fit
from huipai.cli.seed.bulk.rows import NOTHING, Blanks, Form, form, fresh, written
from huipai.journal.models import Entry
from huipai.kit.coordinates import Crs, Point
from huipai.photos.models import Photo
from huipai.points.models import Account, Line, Posting
from huipai.points.models import Lot as PointLot
from huipai.points.words import Purse

OF_A_CASE: tuple[type[Model], ...] = (
    Transition, StageRecord, StageMark, Pause, CasePhoto, Note, Response, Check, Confirmation, Report,
)  # fmt: skip


@dataclass(frozen=True)
class Paid:
    """Blanks of the one posting of a case: its item, when the deed was received, when the points lapse."""

    deed: Deed
    posted_at: datetime
    item: int
    received: int
    lapses: int
    lapses_epoch: int

    def fill(self, values: list[str], by: timedelta, book: Rulebook) -> None:
        received_at = self.deed.received_at + by
        priced = book.at(self.deed.code, received_at)
        assert priced is not None
        lapses = expiry(priced, received_at, self.posted_at + by)
        values[self.item], values[self.received] = priced.item_id, epoch(received_at)
        values[self.lapses] = spelled(lapses) if lapses else NOTHING
        values[self.lapses_epoch] = epoch(lapses) if lapses else "null"


@dataclass(frozen=True)
class Lot:
    """Blanks of a lot that decided whether a case is checked, and how it fell: a copy falls the same way."""

    number: int
    case: int
    response: int
    like: str  # the response's id
    share: Decimal
    checked: bool

    def fill(self, values: list[str], bits: Callable[[], int]) -> None:
        while True:
            number = drawing.lot(UUID(values[self.case]), UUID(values[self.response]))
            if drawing.is_checked(number, self.share) == self.checked:
                break
            values[self.response] = fresh(self.like, bits())
        values[self.number] = drawing.spelled(number)


@dataclass
class Bundle:
    """Forms by table, and what each blank is filled with."""

    cases: int
    is_open: bool
    worker_id: UUID | None
    forms: list[Form]
    count: int  # of blanks
    own: list[tuple[int, str]]  # blanks for fresh ids, and the ids they stand for
    reporters: list[tuple[int, int]]  # blanks for a person and for that person's account
    codes: list[int]
    node: int
    lng: int
    lat: int
    address: int
    hashes: list[tuple[int, Sending, int, tuple[int, ...]]]  # blank, what was sent, blanks of the report and its photos
    earned: list[tuple[int, int]] = field(default_factory=list)  # which reporter got how many points
    moments: list[tuple[int, datetime]] = field(default_factory=list)  # blanks for moments
    dues: list[tuple[int, datetime]] = field(default_factory=list)  # blanks for the limits that the journal tells
    paid: "Paid | None" = None
    lots: list[Lot] = field(default_factory=list)
    moves: list[timedelta] = field(default_factory=lambda: [STAYS])

    def hash_of(self, place: int, values: list[str]) -> str:
        """The content hash of a stamped report, computed as intake does."""
        _, sent, report, photos = self.hashes[place]
        point = Point(float(values[self.lng]), float(values[self.lat]))
        again = replace(
            sent,
            report_id=UUID(values[report]),
            point=point,
            address=values[self.address],
            photo_ids=tuple(UUID(values[photo]) for photo in photos),
        )
        return content_hash(again.content())


def bundles(book: Rulebook, *, earliest: datetime, latest: datetime) -> list[Bundle]:
    """Every case of the street in force that was told through the commands; merged ones together.

    Not what went over the hub: its number is given once, and its orders belong to units that cannot be copied.
    """
    found = []
    for case in (
        Case.objects.filter(merged_into=None, number=None, unit=None)
        .exclude(state=State.VERIFYING)
        .select_related("case_type")
        .order_by("reported_at", "id")
    ):
        together = [case, *Case.objects.filter(merged_into=case)]
        if len({each.node_id for each in together}) == 1:
            bundle = _bundle(together)
            if not bundle.is_open:
                moments = [moment for _, moment in bundle.moments]
                deed = bundle.paid.deed if bundle.paid else _unpaid(case)
                bundle.moves = weeks_that_fit(moments, deed, book, earliest=earliest, latest=latest)
            found.append(bundle)
    return found


def _unpaid(case: Case) -> Deed | None:
    """A deed that passed its check and was not paid, for want of an item then; a case without a check has no deed."""
    if not Check.objects.filter(case=case, result=CheckResult.PASSED).exists():
        return None
    return Deed(case.case_type.point_item, 0, case.reported_at, is_paid=False)


def _bundle(cases: list[Case]) -> Bundle:
    ids = [case.id for case in cases]
    rows: dict[type[Model], list[UUID]] = {Case: ids}
    for model in OF_A_CASE:
        rows[model] = _ids(model, Q(case__in=ids))
    rows[ReportAnswers] = _ids(ReportAnswers, Q(report__in=rows[Report]))
    rows[Photo] = list(CasePhoto.objects.filter(case__in=ids).values_list("photo_id", flat=True))
    subjects = [*(f"case:{id}" for id in ids), *(f"photo:{id}" for id in rows[Photo])]
    # A finding stays with its one report: its entries are not copied without it.
    rows[Entry] = _ids(Entry, Q(subject__in=subjects) & ~Q(facts__has_key="finding"))
    rows[Posting] = _ids(Posting, Q(subject__in=subjects))
    rows[Line] = _ids(Line, Q(posting__in=rows[Posting]))
    rows[PointLot] = _ids(PointLot, Q(posting__in=rows[Posting]))
    return _blank_out(cases, rows)


def _ids(model: type[Model], where: Q) -> list[UUID]:
    objects = model._default_manager.filter(where)
    return list(objects.values_list("id", flat=True))


def _blank_out(cases: list[Case], rows: dict[type[Model], list[UUID]]) -> Bundle:
    blanks = Blanks()
    own = [(blanks.word(id), str(id)) for ids in rows.values() for id in ids]
    paid = _paid(rows[Posting], rows[PointLot], blanks)
    lots, dues = _lots(rows[Entry], blanks), _dues(rows[Entry], blanks)
    reporters = list(dict.fromkeys(Report.objects.filter(id__in=rows[Report]).values_list("reporter_id", flat=True)))
    people = [(blanks.word(id), blanks.word(_account_of(id) or f"no account {id}")) for id in reporters]
    node = blanks.word(cases[0].node_id)
    lng, lat, address = blanks.new(), blanks.new(), blanks.new()
    for table in ("cases_case", "cases_report"):
        blanks.columns |= {(table, "lng"): lng, (table, "lat"): lat, (table, "address"): address}
    for prefix in ("claimed", "exif"):
        blanks.columns |= {("photos_photo", f"{prefix}_lng"): lng, ("photos_photo", f"{prefix}_lat"): lat}
    codes: list[int] = []
    hashes: list[tuple[int, Sending, int, tuple[int, ...]]] = []
    forms = []
    for model, ids in rows.items():
        for one in _apart(model, ids):
            if model is Case:
                codes.append(blanks.new())
                blanks.columns["cases_case", "code"] = codes[-1]
            if model is Report:
                hashes.append((blanks.new(), *_sent(one[0], blanks)))
                blanks.columns["cases_report", "content_hash"] = hashes[-1][0]
            forms.append(form(model, written(model, one), blanks))
    return Bundle(
        cases=len(cases),
        is_open=any(case.ended_at is None for case in cases),
        worker_id=cases[0].worker_id,
        forms=forms,
        count=blanks.count,
        own=own,
        reporters=people,
        codes=codes,
        node=node,
        lng=lng,
        lat=lat,
        address=address,
        hashes=hashes,
        earned=_earned(rows[Posting], reporters),
        moments=[(blank, datetime.fromisoformat(spelling)) for spelling, blank in blanks.moments.items()],
        dues=dues,
        paid=paid,
        lots=lots,
    )


def _dues(entries: list[UUID], blanks: Blanks) -> list[tuple[int, datetime]]:
    """Until when the journal says that it was promised, each time that it says so; a year stays what it was."""
    told = {entry.facts.get("due") for entry in Entry.objects.filter(id__in=entries, facts__has_key="handler")}
    return [(blanks.word(due), EPOCH + timedelta(microseconds=due)) for due in told if due and due > MAXYEAR]


def _lots(entries: list[UUID], blanks: Blanks) -> list[Lot]:
    """The lots that were drawn in this story."""
    return [
        Lot(
            number=blanks.word(entry.facts["lot"]),
            case=blanks.word(entry.subject.removeprefix("case:")),
            response=blanks.word(entry.facts["response"]),
            like=str(entry.facts["response"]),
            share=Decimal(str(entry.facts["share"])),
            checked=bool(entry.facts["checked"]),
        )
        for entry in Entry.objects.filter(id__in=entries, what=Fact.CHECK_LOT)
    ]


def _paid(postings: list[UUID], lots: list[UUID], blanks: Blanks) -> Paid | None:
    """Take the item and the lapse out of the one posting that a case has, if it has one."""
    posting = Posting.objects.filter(id__in=postings).first()
    if posting is None:
        return None
    lapses_at = PointLot.objects.filter(id__in=lots).values_list("expires_at", flat=True).first()
    lapses = blanks.new()
    blanks.columns["points_lot", "expires_at"] = lapses
    return Paid(
        deed=Deed(posting.item_code, posting.points, posting.received_at, is_paid=True),
        posted_at=posting.posted_at,
        item=blanks.word(posting.item_id),
        received=blanks.word(epoch(posting.received_at)),
        lapses=lapses,
        lapses_epoch=blanks.word(epoch(lapses_at)) if lapses_at else blanks.new(),
    )


def _apart(model: type[Model], ids: list[UUID]) -> Iterable[list[UUID]]:
    """Cases and reports one by one, each with blanks of its own; other rows all together."""
    if model in (Case, Report):
        return [[id] for id in ids]
    return [ids] if ids else []


def _account_of(person_id: UUID) -> UUID | None:
    found = Account.objects.filter(person=person_id, purse=Purse.SPENDABLE)
    return found.values_list("id", flat=True).first()


def _sent(report_id: UUID, blanks: Blanks) -> tuple[Sending, int, tuple[int, ...]]:
    """What the report was made of, as intake saw it."""
    report = Report.objects.select_related("case_type").get(pk=report_id)
    photos = list(CasePhoto.objects.filter(report=report).order_by("position").values_list("photo_id", flat=True))
    sending = Sending(
        report_id=report.id,
        case_type=report.case_type.code,
        point=Point(report.lng, report.lat),
        source_crs=Crs(report.source_crs),
        position_source=PositionSource(report.position_source),
        photo_ids=tuple(photos),
        text=report.text,
        address=report.address,
        is_name_hidden=report.is_name_hidden,
    )
    return sending, blanks.word(report.id), tuple(blanks.word(photo) for photo in photos)


def _earned(postings: list[UUID], reporters: list[UUID]) -> list[tuple[int, int]]:
    paid = Posting.objects.filter(id__in=postings).values_list("person_id", "points")
    return [(reporters.index(person_id), points) for person_id, points in paid if person_id]
