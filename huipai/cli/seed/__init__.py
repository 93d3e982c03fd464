"""`python -m huipai seed`: two fictional streets with a year of life, made through the commands under a fake clock."""

from huipai.cli.seed.door import main
from huipai.cli.seed.folk.accounts import DemoAccount
from huipai.cli.seed.folk.showing import accounts, accounts_next_door

__all__ = ["DemoAccount", "accounts", "accounts_next_door", "main"]
