"""The cluster of the benchmarks: as durable as in production, emptied before each run."""

import psycopg

from huipai.cli.postgres import Cluster


def emptied(cluster: Cluster) -> str:
    """The address of the cluster's database, which is empty now."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS huipai WITH (FORCE)")
        connection.execute("CREATE DATABASE huipai")
    return cluster.url()
