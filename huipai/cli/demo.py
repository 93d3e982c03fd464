"""`python -m huipai demo`: the demo sub-district, from nothing to an address to open."""

import os
import sys
import time
from collections.abc import Sequence
from importlib import import_module

from huipai.cli import built, database, migrating, ownership, packages, serve, services
from huipai.cli.postgres import PROJECT
from huipai.cli.serve import Place
from huipai.cli.words import Trouble


def main(arguments: Sequence[str]) -> int:
    chosen = serve.parser("demo").parse_args(arguments)
    if ownership.mode() != "demo":
        raise Trouble("The demo runs in demo mode only: unset HUIPAI_MODE.")
    os.environ.setdefault("HUIPAI_MODE", "demo")
    packages.require_whole(PROJECT / "requirements" / "base.txt")
    built.require_whole(PROJECT)
    place = Place.chosen(host="127.0.0.1", port=chosen.port, tls=chosen.tls)
    os.environ.setdefault("HUIPAI_PUBLIC_URL", place.url)
    _say("Starting the database …")
    with database.reached() as cluster:
        database.require_answer()
        with ownership.alone():
            ownership.require_ours()
            ownership.forget_half_a_seed()
            database.set_up_django()
            _migrate()
            _seed_once()
        _say("Starting the web server and the job worker …")
        return services.run(
            [serve.web(place, workers=chosen.workers), serve.work()],
            cluster=cluster,
            when_up=lambda: _welcome(place),
        )


def _migrate() -> None:
    """Nothing where every migration on the disk was run: Django takes a second to find that out, at every start."""
    database.require_whole_steps()
    if database.is_up_to_date():
        return
    _say("Bringing the tables up to date …")
    with migrating.in_turn():
        import_module("django.core.management").call_command("migrate", interactive=False, stdout=_Steps())


class _Steps:
    """What `migrate` says, in so many words that nobody thinks it stands still."""

    def __init__(self) -> None:
        self.done = 0

    def write(self, words: str) -> None:
        self.done += words.count(" OK")
        if " OK" in words and self.done % 25 == 0:
            _say(f"  {self.done} steps done …")


def _seed_once() -> None:
    if ownership.mark() == ownership.READY:
        return
    began = time.monotonic()
    _say("Filling the demo sub-district; this happens once …")
    ownership.set_mark(ownership.SEEDING)
    if import_module("huipai.cli.seed").main([]) != 0:
        raise Trouble("The demo data could not be made.")
    ownership.set_mark(ownership.READY)
    _say(f"Filled in {time.monotonic() - began:.0f} s.")


def _welcome(place: Place) -> None:
    serve.wait_until_up(place)
    lines = ["", f"Huipai 慧拍 is up: {place.url}", ""]
    if place.pair is not None:
        lines += [
            "Everybody in this network can open it, with the demo's accounts. The certificate is our own: the phone",
            f"warns once, and you let it pass. To keep forms without a network too, install {place.url}ca.crt on the",
            "phone (docs/deploy.md says how; take it off again afterwards). Stop the demo when you are done.",
            "",
        ]
    seed = import_module("huipai.cli.seed")
    lines += [f"  {account}" for account in seed.accounts()]
    if next_door := seed.accounts_next_door():
        lines += ["", "  The street next door, which sees nothing of this one:"]
        lines += [f"  {account}" for account in next_door]
    lines += ["", "Ctrl-C stops everything.", ""]
    _say("\n".join(lines))


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
