"""The cluster of the benchmarks: as durable as in production, emptied before each run."""

import psycopg
from psycopg import sql

from huipai.cli.postgres import Cluster

# The database that is measured, and the world as it was built, of which growing entries take copies.
NAME, BLANK = "huipai", "huipai_blank"


def emptied(cluster: Cluster) -> str:
    """The address of the cluster's database, which is empty now; copies of an earlier run are gone."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [NAME]).fetchall()
        for (name,) in rows:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    return cluster.url()


def copied(url: str, name: str, *, of: str = BLANK) -> None:
    """A database of this name with everything in another that nobody is connected to."""
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(of))
        )  # fmt: skip
