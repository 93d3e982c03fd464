"""A self-made certificate, for a phone in the same network: camera and position need HTTPS there."""

import datetime as dt
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_VALID = dt.timedelta(days=90)
_RENEW = dt.timedelta(days=7)


@dataclass(frozen=True)
class Pair:
    certificate: Path
    key: Path


def for_address(address: str, *, folder: Path, now: dt.datetime) -> Pair:
    """A certificate for `address`, kept in `folder` and made anew when it runs out or the address has changed."""
    pair = Pair(folder / "certificate.pem", folder / "key.pem")
    if not _still_good(pair, address, now):
        _make(pair, address, now)
    return pair


def _still_good(pair: Pair, address: str, now: dt.datetime) -> bool:
    if not (pair.certificate.exists() and pair.key.exists()):
        return False
    found = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        ipaddress.ip_address(address) in names.get_values_for_type(x509.IPAddress)
        and found.not_valid_after_utc - _RENEW > now
    )


def _make(pair: Pair, address: str, now: dt.datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Huipai demo")])
    names = [x509.IPAddress(ipaddress.ip_address(place)) for place in dict.fromkeys((address, "127.0.0.1"))]
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pair.key.parent.mkdir(parents=True, exist_ok=True)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(pair.key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
    pair.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
