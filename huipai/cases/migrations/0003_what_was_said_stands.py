from django.db import migrations, models

from huipai.cases.migrations._stands import STANDS
from huipai.streets.operations import AddConstraint


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_holds_on_deeds_and_claims"),
    ]

    operations = [
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "reported",
                            "verifying",
                            "accepted",
                            "declined",
                            "filed",
                            "not_filed",
                            "dispatched",
                            "in_progress",
                            "responded",
                            "checking",
                            "confirming",
                            "rework",
                            "returned",
                            "extension_pending",
                            "suspended",
                            "merged",
                            "voided",
                            "closed",
                            "reopened",
                        ],
                    )
                ),
                name="cases_a_case_stands_somewhere",
            ),
        ),
        AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("closed", "declined", "not_filed", "merged", "voided")), _negated=True),
                    models.Q(("outcome__in", ["confirmed", "no_answer", "part_done"]), ("state", "closed")),
                    models.Q(("outcome__in", ["declined"]), ("state", "declined")),
                    models.Q(("outcome__in", ["merged"]), ("state", "merged")),
                    models.Q(("outcome__in", ["not_filed"]), ("state", "not_filed")),
                    models.Q(("outcome__in", ["voided", "withdrawn"]), ("state", "voided")),
                    _connector="OR",
                ),
                name="cases_an_outcome_is_that_of_its_end",
            ),
        ),
        AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["", "passed", "rework", "lapsed"])),
                name="cases_a_check_result_is_known",
            ),
        ),
        AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating__isnull", True), ("answer", "confirmed"), _connector="OR"),
                name="cases_only_a_yes_is_rated",
            ),
        ),
        AddConstraint(
            model_name="confirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["", "confirmed", "disputed", "no_answer", "dropped"])),
                name="cases_an_answer_is_known",
            ),
        ),
        AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["found", "appealed", "upheld", "lifted"])),
                name="cases_a_finding_stands_somewhere",
            ),
        ),
        AddConstraint(
            model_name="gooddeed",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["reported", "published", "declined", "withdrawn", "taken_down"])),
                name="cases_a_deed_stands_somewhere",
            ),
        ),
        *STANDS,
    ]
