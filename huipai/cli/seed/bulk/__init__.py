"""The set-based path: cases that went through the commands are stamped out many times over, row by row the same.

Nothing is invented here: every row is a copy of one that a command wrote, with fresh ids, other people, other places
and, for the ledger, balances that are the sum of what was stamped. A test compares both paths, and `verify` proves it.
"""
