"""Certificates for a phone in the same network: camera, position and forms without a network need HTTPS there.

An authority of our own signs them, so that a phone can be told once whom to trust. Whatever becomes of its key, it can
speak for addresses of private networks only.
"""

import datetime as dt
import ipaddress
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from huipai.cli.words import Trouble

_VALID = dt.timedelta(days=90)
_RENEW = dt.timedelta(days=7)
_AUTHORITY_LASTS = dt.timedelta(days=3650)
_PRIVATE = [
    ipaddress.ip_network(one)
    for one in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10",
        "::1/128",
    )
]  # fmt: skip
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Pair:
    """What the server shows, its key, and the authority that a phone may take as trusted."""

    certificate: Path
    key: Path
    authority: Path


def for_address(address: str, *, folder: Path, now: dt.datetime) -> Pair:
    """A certificate for `address`, kept in `folder` and made anew when it runs out or the address has changed.

    The authority stays as long as it can: it is on people's phones.
    """
    pair = Pair(folder / "certificate.pem", folder / "key.pem", folder / "ca.crt")
    place = ipaddress.ip_address(address)
    try:
        if not _authority_serves(folder, place, now):
            _make_authority(folder, place, now)
        if not _still_good(pair, place, now):
            _make(pair, place, folder / "ca-key.pem", now)
    except OSError as problem:
        raise Trouble(f"No certificate can be kept in {folder}: {problem.strerror}.") from problem
    return pair


def _authority_serves(folder: Path, place: _Address, now: dt.datetime) -> bool:
    found = _read(folder / "ca.crt", folder / "ca-key.pem", x509.load_der_x509_certificate)
    if found is None or not _signed_by(found, found):
        return False
    spoken_for = found.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [one.value for one in spoken_for if isinstance(one, x509.IPAddress)]
    covers = any(place in one for one in networks if isinstance(one, ipaddress.IPv4Network | ipaddress.IPv6Network))
    return covers and found.not_valid_after_utc - _VALID > now


def _make_authority(folder: Path, place: _Address, now: dt.datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Huipai demo, this network only")
    networks = _PRIVATE if any(place in one for one in _PRIVATE) else [*_PRIVATE, ipaddress.ip_network(place)]
    permitted = [*(x509.IPAddress(one) for one in networks), x509.DNSName("localhost")]
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _begun(name, name, key, now, _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _keep_secret(folder / "ca-key.pem", key)
    _keep(folder / "ca.crt", made.public_bytes(serialization.Encoding.DER))


def _still_good(pair: Pair, place: _Address, now: dt.datetime) -> bool:
    found = _read(pair.certificate, pair.key, x509.load_pem_x509_certificate)
    authority = x509.load_der_x509_certificate(pair.authority.read_bytes())
    if found is None or not _signed_by(found, authority):
        return False
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return place in names.get_values_for_type(x509.IPAddress) and found.not_valid_after_utc - _RENEW > now


def _read(certificate: Path, key: Path, load: Callable[[bytes], x509.Certificate]) -> x509.Certificate | None:
    """The certificate of this key; none where either is missing or not whole, or they are of two pairs."""
    if not (certificate.exists() and key.exists()):
        return None
    shown, secret = certificate.read_bytes(), key.read_bytes()
    try:
        found, own = load(shown), serialization.load_pem_private_key(secret, password=None)
        return found if found.public_key() == own.public_key() else None
    except Exception:  # cut short when there was no room, or spoilt since: whatever is wrong, it is made anew
        return None


def _signed_by(found: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        found.verify_directly_issued_by(authority)
    except Exception:  # one of an authority before, or one that signed itself: whatever is wrong, it is made anew
        return False
    return True


def _make(pair: Pair, place: _Address, authority_key: Path, now: dt.datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    authority = x509.load_der_x509_certificate(pair.authority.read_bytes())
    signer = serialization.load_pem_private_key(authority_key.read_bytes(), password=None)
    assert isinstance(signer, _Key)
    names = [x509.IPAddress(one) for one in dict.fromkeys((place, ipaddress.ip_address("127.0.0.1")))]
    made = (
        _begun(_name("Huipai demo"), authority.subject, key, now, _VALID)
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
            ),
            critical=False,
        )
        .sign(signer, hashes.SHA256())
    )
    _keep_secret(pair.key, key)
    _keep(pair.certificate, made.public_bytes(serialization.Encoding.PEM))


def _begun(
    subject: x509.Name, issuer: x509.Name, key: _Key, now: dt.datetime, lasts: dt.timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _keep_secret(path: Path, key: _Key) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _keep(path, secret, mode=0o600)


def _keep(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Whole or not at all: written beside its place and renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    fresh.replace(path)
