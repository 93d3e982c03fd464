"""Which tables live outside a street, and why each may."""

# Everything else in the database belongs to exactly one street and carries `street_id` in each of its keys.
GLOBAL_TABLES: dict[str, str] = {
    "streets_street": "the tenants themselves",
    "people_account": "one sign-in for all streets",
    "people_account_groups": "sign-in",
    "people_account_user_permissions": "sign-in",
    "auth_group": "sign-in",
    "auth_group_permissions": "sign-in",
    "auth_permission": "sign-in",
    "django_content_type": "sign-in",
    "django_session": "sessions",
    "django_migrations": "migrations",
    "django_site": "sign-in",
}
GLOBAL_PREFIXES: dict[str, str] = {
    "account_": "sign-in (allauth)",
    "mfa_": "sign-in (allauth)",
    "socialaccount_": "sign-in (allauth)",
    "usersessions_": "sessions (allauth)",
    "people_signin_": "limits on sign-in codes hold across streets",
    "pg_": "the catalogue of PostgreSQL itself",
    "procrastinate_": "jobs carry their street as an argument",
    "senders_": "messages to a phone number, before a street is known",
    "workdays_": "work days are the same in every street",
}


def is_global(table: str) -> bool:
    """Whether rows of `table` belong to no street."""
    return table in GLOBAL_TABLES or any(table.startswith(prefix) for prefix in GLOBAL_PREFIXES)
