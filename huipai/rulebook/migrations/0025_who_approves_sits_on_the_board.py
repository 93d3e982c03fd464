from typing import ClassVar

from django.db import migrations

# Two of the board that publishes: who has left it since speaks for it no more.
SITS = """
          AND EXISTS (SELECT FROM grid_assignment AS a
                      WHERE a.street_id = rulebook_approval.street_id AND a.person_id = approver_id
                          AND a.role = 'board_member' AND a.valid_from <= is_now.published_at
                          AND (a.valid_until IS NULL OR a.valid_until > is_now.published_at))"""
CHECK_PUBLICATION = """
CREATE OR REPLACE FUNCTION rulebook_check_publication(was rulebook_rulebookversion, is_now rulebook_rulebookversion)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE approvers int; seats int; board int;
BEGIN
    IF is_now.form < 2 OR is_now.author_id <> was.author_id
        OR is_now.content_hash IS DISTINCT FROM rulebook_content_hash(is_now.street_id, is_now.id) THEN
        RAISE EXCEPTION 'the hash is not that of the items' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_hash_is_of_the_items', TABLE = 'rulebook_rulebookversion';
    END IF;
    SELECT count(DISTINCT approver_id), count(DISTINCT seat) INTO approvers, seats FROM rulebook_approval
        WHERE street_id = is_now.street_id AND version_id = is_now.id AND content_hash = is_now.content_hash
          AND NOT rulebook_is_author(street_id, version_id, approver_id){sits};
    SELECT count(DISTINCT person_id) INTO board FROM grid_assignment
        WHERE street_id = is_now.street_id AND role = 'board_member'
          AND NOT rulebook_is_author(street_id, is_now.id, person_id)
          AND valid_from <= is_now.published_at AND (valid_until IS NULL OR valid_until > is_now.published_at);
    IF approvers < 2 OR seats < 2 OR board < 3 THEN
        RAISE EXCEPTION 'two of at least three of the board, from two seats, without its authors, must approve this content'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_two_approvals', TABLE = 'rulebook_rulebookversion';
    END IF;
    IF is_now.consulted_hash <> is_now.content_hash THEN
        RAISE EXCEPTION 'this content was not laid open for comments' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_consulted_on_this', TABLE = 'rulebook_rulebookversion';
    END IF;
    IF NOT EXISTS (SELECT FROM rulebook_dryrun WHERE street_id = is_now.street_id AND version_id = is_now.id
                   AND content_hash = is_now.content_hash AND state = 'done') THEN
        RAISE EXCEPTION 'this content was not tried out' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_tried_out_first', TABLE = 'rulebook_rulebookversion';
    END IF;
    IF EXISTS (SELECT FROM rulebook_remark WHERE street_id = is_now.street_id AND version_id = is_now.id
               AND kind = 'comment' AND answered_at IS NULL) THEN
        RAISE EXCEPTION 'a comment has no answer' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rulebook_comments_are_answered', TABLE = 'rulebook_rulebookversion';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("rulebook", "0024_a_run_is_of_a_month_as_it_was"),
        ("grid", "0002_invariants"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(CHECK_PUBLICATION.format(sits=SITS), CHECK_PUBLICATION.format(sits="")),
    ]
