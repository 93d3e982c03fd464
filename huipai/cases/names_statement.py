"""Whose names are struck out of what is shown of a case, for statements that show cases.

Each person is looked up by their key: an OR of subqueries reads everybody of the street, once a row that is shown.
"""


def is_about(report: str, case: str) -> str:
    """Whether a report is one of a case, as `Report.objects.about` has it: of a part those of its whole."""
    return f"{report}.street_id = %(street)s AND {report}.case_id IN ({case}.id, {case}.parent_id)"


def names_to_hide(case: str) -> str:
    """An array of the names of all who reported the case, or helped to, today's and those of before.

    Read: `id`, `parent_id`, `reporter_id`.
    """
    return f"""ARRAY(
    SELECT unnest(array_append(who.former_names, who.name)) FROM (
        SELECT {case}.reporter_id UNION
        SELECT told.reporter_id FROM cases_report AS told
        WHERE {is_about("told", case)} UNION
        SELECT help.helper_id FROM cases_report AS told
        JOIN cases_reporthelp AS help ON help.street_id = %(street)s AND help.report_id = told.id
        WHERE {is_about("told", case)}) AS about (id)
    JOIN people_person AS who ON who.street_id = %(street)s AND who.id = about.id)"""
