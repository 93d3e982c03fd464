import pytest

from bench import pgbench

SUMMARY = """pgbench (18.6)
transaction type: script.sql
scaling factor: 1
query mode: prepared
number of clients: 16
number of threads: 1
maximum number of tries: 1
duration: 4 s
number of transactions actually processed: 16134
number of failed transactions: 0 (0.000%)
latency average = 3.961 ms
initial connection time = 24.870 ms
tps = 4039.278713 (without initial connection time)
"""


class TestParse:
    def test_reads_the_figures_of_a_summary(self) -> None:
        assert pgbench.parse(SUMMARY) == pgbench.Raw(16134, 4039.278713, 3.961)

    def test_refuses_a_run_in_which_a_transaction_failed(self) -> None:
        with pytest.raises(pgbench.PgbenchFailed, match="3 transactions failed"):
            pgbench.parse(SUMMARY.replace("failed transactions: 0", "failed transactions: 3"))

    def test_refuses_an_output_without_figures(self) -> None:
        with pytest.raises(pgbench.PgbenchFailed, match="no figures"):
            pgbench.parse("pgbench: error: connection refused")
