from importlib import import_module
from typing import ClassVar

from django.db import migrations

before = import_module("huipai.rulebook.migrations.0025_who_approves_sits_on_the_board")

# Near is who lives or lately lived in one home, guardian and ward, helper and elder: as grid.queries.near_to says it.
NEAR = """
CREATE FUNCTION rulebook_is_near(of_street uuid, one uuid, other uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM grid_residence AS mine
                   JOIN grid_residence AS theirs
                       ON theirs.street_id = mine.street_id AND theirs.household_id = mine.household_id
                   WHERE mine.street_id = of_street AND mine.person_id = one AND theirs.person_id = other
                       AND mine.valid_from <= at AND theirs.valid_from <= at
                       AND (mine.valid_until IS NULL OR mine.valid_until > at - interval '90 days')
                       AND (theirs.valid_until IS NULL OR theirs.valid_until > at - interval '90 days'))
        OR EXISTS (SELECT FROM people_guardianship AS bond
                   JOIN people_person AS minor ON minor.street_id = bond.street_id AND minor.id = bond.minor_id
                   WHERE bond.street_id = of_street AND bond.valid_from <= at
                       AND (bond.guardian_id, bond.minor_id) IN ((one, other), (other, one))
                       AND (bond.ended_at IS NULL OR bond.ended_at > at - interval '90 days')
                       AND extract(year FROM (at - interval '90 days') AT TIME ZONE 'Asia/Shanghai')
                           - minor.birth_year <= 18)
        OR EXISTS (SELECT FROM people_proxy AS help
                   WHERE help.street_id = of_street AND help.valid_from <= at AND help.accepted_at IS NOT NULL
                       AND (help.elder_id, help.helper_id) IN ((one, other), (other, one))
                       AND (help.ended_at IS NULL OR help.ended_at > at - interval '90 days')
                       AND help.valid_until > at - interval '90 days')
$$;
CREATE FUNCTION rulebook_is_near_an_author(of_street uuid, of_version uuid, of_person uuid, at timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM rulebook_rulebookversion AS version
                   WHERE version.street_id = of_street AND version.id = of_version
                       AND rulebook_is_near(of_street, of_person, version.author_id, at))
        OR EXISTS (SELECT FROM rulebook_writer AS writer
                   WHERE writer.street_id = of_street AND writer.version_id = of_version
                       AND rulebook_is_near(of_street, of_person, writer.person_id, at))
$$;
"""
NEAR_BACK = """
DROP FUNCTION rulebook_is_near_an_author(uuid, uuid, uuid, timestamptz);
DROP FUNCTION rulebook_is_near(uuid, uuid, uuid, timestamptz);
"""

# A vote of a home counts once, and none of the authors' home: said when it is given, and asked again at publication.
GUARDS = """
CREATE FUNCTION rulebook_guard_approvers_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF rulebook_is_near_an_author(NEW.street_id, NEW.version_id, NEW.approver_id, NEW.approved_at) THEN
        RAISE EXCEPTION 'nobody approves what their home has written'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_approver_is_no_authors_home',
                  TABLE = TG_TABLE_NAME;
    END IF;
    IF EXISTS (SELECT FROM rulebook_approval AS said
               JOIN grid_assignment AS held ON held.street_id = said.street_id AND held.person_id = said.approver_id
                   AND held.role = 'board_member' AND held.valid_from <= NEW.approved_at
                   AND (held.valid_until IS NULL OR held.valid_until > NEW.approved_at)
               WHERE said.street_id = NEW.street_id AND said.version_id = NEW.version_id
                   AND said.content_hash = NEW.content_hash AND said.approver_id <> NEW.approver_id
                   AND rulebook_is_near(NEW.street_id, NEW.approver_id, said.approver_id, NEW.approved_at)) THEN
        RAISE EXCEPTION 'two of one home do not approve the same'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_approvers_are_two_homes', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_approval_guard_home BEFORE INSERT ON rulebook_approval
    FOR EACH ROW EXECUTE FUNCTION rulebook_guard_approvers_home();
CREATE FUNCTION rulebook_guard_objections_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF rulebook_is_near(NEW.street_id, NEW.answered_by_id, NEW.person_id, NEW.answered_at)
        OR rulebook_is_near_an_author(NEW.street_id, NEW.version_id, NEW.answered_by_id, NEW.answered_at) THEN
        RAISE EXCEPTION 'an objection is decided by another home than the authors'' and the objector''s'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_objection_by_another_home',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_remark_guard_home BEFORE UPDATE ON rulebook_remark FOR EACH ROW
    WHEN (NEW.kind = 'objection' AND OLD.answered_by_id IS NULL AND NEW.answered_by_id IS NOT NULL)
    EXECUTE FUNCTION rulebook_guard_objections_home();
CREATE FUNCTION rulebook_guard_admissions_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF rulebook_is_near(NEW.street_id, NEW.decided_by_id, NEW.proposer_id, NEW.decided_at) THEN
        RAISE EXCEPTION 'an admission is decided by another home than the proposer''s'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_admission_by_another_home',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rulebook_proposal_guard_home BEFORE UPDATE ON rulebook_proposal FOR EACH ROW
    WHEN (NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND NEW.decided_by_id IS NOT NULL
          AND NEW.state IN ('admitted', 'returned', 'declined'))
    EXECUTE FUNCTION rulebook_guard_admissions_home();
"""
GUARDS_BACK = """
DROP TRIGGER rulebook_proposal_guard_home ON rulebook_proposal;
DROP FUNCTION rulebook_guard_admissions_home();
DROP TRIGGER rulebook_remark_guard_home ON rulebook_remark;
DROP FUNCTION rulebook_guard_objections_home();
DROP TRIGGER rulebook_approval_guard_home ON rulebook_approval;
DROP FUNCTION rulebook_guard_approvers_home();
"""

_TWO = """    SELECT count(DISTINCT approver_id), count(DISTINCT seat) INTO approvers, seats FROM rulebook_approval
        WHERE street_id = is_now.street_id AND version_id = is_now.id AND content_hash = is_now.content_hash
          AND NOT rulebook_is_author(street_id, version_id, approver_id){sits};
"""
_TWO_HOMES = """    WITH said AS (
        SELECT approver_id, seat FROM rulebook_approval
        WHERE street_id = is_now.street_id AND version_id = is_now.id AND content_hash = is_now.content_hash
          AND NOT rulebook_is_author(street_id, version_id, approver_id)
          AND NOT rulebook_is_near_an_author(street_id, version_id, approver_id, is_now.published_at){sits})
    SELECT EXISTS (SELECT FROM said AS one JOIN said AS other
                       ON other.approver_id <> one.approver_id AND other.seat <> one.seat
                   WHERE NOT rulebook_is_near(is_now.street_id, one.approver_id, other.approver_id,
                                              is_now.published_at)) INTO are_two;
"""
_CHECK = before.CHECK_PUBLICATION
CHECK_PUBLICATION = (
    _CHECK.replace(_TWO, _TWO_HOMES)
    .replace("DECLARE approvers int; seats int; board int;", "DECLARE are_two boolean; board int;")
    .replace("IF approvers < 2 OR seats < 2 OR board < 3 THEN", "IF NOT are_two OR board < 3 THEN")
    .replace("from two seats, without its authors,", "from two seats and two homes, without its authors'',")
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("rulebook", "0028_what_was_told_bounds_what_is_told"),
        ("grid", "0005_disputes"),
        ("people", "0010_guardians_and_numbers"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(NEAR, NEAR_BACK),
        migrations.RunSQL(GUARDS, GUARDS_BACK),
        migrations.RunSQL(CHECK_PUBLICATION.format(sits=before.SITS), _CHECK.format(sits=before.SITS)),
    ]
