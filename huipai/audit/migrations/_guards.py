"""What was disclosed stays written down."""

from huipai.streets.operations import append_only

GUARDS = [
    append_only("audit_disclosure"),
]
