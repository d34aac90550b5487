"""The box's own certificates: an authority made once, and a certificate under it that renews itself.

Browsers give a microphone only to pages that came over TLS, and no public authority certifies a box in a van. So the
box makes an authority, and a technician's phone is told once to trust it.

Decisions: the authority is bound by name constraints to private addresses and local names, so that its theft opens
nobody's bank; its key never leaves the box and only its owner may read it. Phones take certificates of at most 825
days (Apple) and want the address among the alternative names; ours last 397 days and are made anew a month early, or
as soon as the box has another address. The dates begin in the past: a box without a clock may start days behind.
"""

import contextlib
import os
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from appliance.web.errors import WebError

AUTHORITY_DAYS, LEAF_DAYS, EARLY_DAYS = 3650, 397, 30
"""How long each lasts, and how long before its end the second is made anew."""
NETWORKS = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8",
         "fc00::/7", "fe80::/10", "::1/128"),
    )
)  # fmt: skip
"""Addresses that the authority may certify: none that the internet routes."""
DOMAINS = ("local", "localhost", "internal", "lan", "home.arpa")
"""Names that it may certify, and all below them."""
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Authority:
    """The box's own authority."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate as phones take it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """SHA-256, as phones show it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(" ").upper()

    def signed(self, certificate: x509.Certificate) -> bool:
        """Is a certificate of this authority?"""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True


class Certificates:
    """The certificates of a box, in a folder."""

    def __init__(self, folder: Path, host: str) -> None:
        """`host` is what the server is bound to. Raises `WebError` when the folder cannot be used."""
        self._folder = folder
        self._host = host
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.authority = authority(folder, now())
            self._leaf()
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._load()
        except (OSError, ValueError) as error:
            raise WebError(f"no certificate can be made in {folder}: {error}; free its space or remove it") from error

    @property
    def names(self) -> list[str]:
        """Names and addresses under which phones accept the box now."""
        return [*called(self._host), *map(str, here(self._host))]

    def renew(self) -> bool:
        """Make the certificate anew when it is due, for the connections to come; gives whether it was.

        Raises `WebError`: it cannot be written.
        """
        try:
            made = self._leaf()
            if made:
                self._load()
        except (OSError, ValueError) as error:
            raise WebError(f"the certificate in {self._folder} cannot be renewed: {error}") from error
        return made

    def _leaf(self) -> bool:
        """Make the certificate when it is missing, old, another authority's, or lacks an address or name."""
        names, addresses = called(self._host), here(self._host)
        with contextlib.suppress(OSError, ValueError):
            if good(x509.load_pem_x509_certificate(self._crt.read_bytes()), self.authority, names, addresses, now()):
                return False
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = leaf(self.authority, key.public_key(), names, addresses, now())
        # One file, so that a power cut cannot leave a key beside another's certificate.
        write(self._crt, certificate.public_bytes(serialization.Encoding.PEM) + self.authority.pem + pem(key))
        return True

    @property
    def _crt(self) -> Path:
        return self._folder / "box.pem"

    def _load(self) -> None:
        self.context.load_cert_chain(self._crt)


def authority(folder: Path, moment: datetime) -> Authority:
    """Give the authority of a folder, made when there is none. Raises OSError, or ValueError for a damaged one."""
    file = folder / "authority.pem"
    if not file.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        write(file, root(key, moment).public_bytes(serialization.Encoding.PEM) + pem(key))
    data = file.read_bytes()
    key_read = serialization.load_pem_private_key(data, None)
    if not isinstance(key_read, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{file} holds another kind of key")  # noqa: TRY004 - the file is wrong, not the program
    return Authority(x509.load_pem_x509_certificate(data), key_read)


def root(key: ec.EllipticCurvePrivateKey, moment: datetime) -> x509.Certificate:
    """Make the authority's certificate."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Clara box {socket.gethostname()}"[:64])])
    permitted = [*(x509.DNSName(domain) for domain in DOMAINS), *(x509.IPAddress(network) for network in NETWORKS)]
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        begun(name, name, key.public_key(), moment, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def leaf(
    by: Authority, key: ec.EllipticCurvePublicKey, names: Sequence[str], addresses: Sequence[Address], moment: datetime
) -> x509.Certificate:
    """Make a server's certificate for names and addresses."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    also = [*(x509.DNSName(one) for one in names), *(x509.IPAddress(one) for one in addresses)]
    return (
        begun(name, by.certificate.subject, key, moment, LEAF_DAYS)
        .add_extension(x509.SubjectAlternativeName(also), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(by.key, hashes.SHA256())
    )


def begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, moment: datetime, days: int
) -> x509.CertificateBuilder:
    """Begin a certificate that is valid from two days ago, `days` days in all."""
    start = moment - timedelta(days=2)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def good(
    certificate: x509.Certificate, by: Authority, names: Sequence[str], addresses: Sequence[Address], moment: datetime
) -> bool:
    """Will a certificate do for a month more?"""
    also = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        by.signed(certificate)
        and certificate.not_valid_before_utc <= moment
        and moment + timedelta(days=EARLY_DAYS) < certificate.not_valid_after_utc
        and set(names) <= set(also.get_values_for_type(x509.DNSName))
        and set(addresses) <= set(also.get_values_for_type(x509.IPAddress))
    )


def called(host: str) -> list[str]:
    """Give the names that the box goes by and that its authority may certify."""
    machine = socket.gethostname().split(".")[0].lower() or "clara"
    names = [f"{machine}.local", "localhost"]
    if host.lower().endswith(tuple(f".{domain}" for domain in DOMAINS)):
        names.append(host.lower())
    return list(dict.fromkeys(names))


def here(host: str) -> list[Address]:
    """Give the box's addresses that its authority may certify, loopback among them."""
    found = {"127.0.0.1", "::1", *interfaces()}
    with contextlib.suppress(ValueError):
        ip_address(host)
        found.add(host)
    addresses = sorted((ip_address(one) for one in found), key=lambda one: (one.version, int(one)))
    return [one for one in addresses if any(one in net for net in NETWORKS if net.version == one.version)]


def interfaces() -> list[str]:
    """Give the IPv4 address of every interface that has one; none where the system cannot tell."""
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):
                reply = fcntl.ioctl(asking.fileno(), SIOCGIFADDR, name.encode()[:15].ljust(256, b"\0"))
                found.append(socket.inet_ntoa(reply[20:24]))
    return found


SIOCGIFADDR = 0x8915
"""Linux: the address of an interface (netdevice(7))."""


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Give a key as a file holds it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def now() -> datetime:
    """Give the time."""
    return datetime.now(UTC)
