"""Whose a pack is: minisign keys and signatures (https://jedisct1.github.io/minisign/), checked offline.

The signature lies beside the pack, as `minisign -Sm` leaves it: `NAME-VERSION.clarapack.minisig`. Its trusted comment,
which is signed too, says `clara pack NAME VERSION REVISION`.
"""

import base64
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from corpora.errors import PackError
from corpora.packs.manifest import Manifest

if TYPE_CHECKING:
    from minisign import PublicKey, Signature  # type: ignore[import-untyped]

SUFFIX = ".minisig"
TRUST = "trust"
"""Folder below the box's data with the public keys whose packs it takes."""
COMMENT = "signature from minisign secret key"
"""The only untrusted comment that is taken: no signature stands for that line, so it may tell a reader nothing."""
MAX_BYTES = 16_384
"""Of a key or signature file."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key."""

    name: str
    """As its file is named."""
    id: str
    """16 hexadecimal digits, as the minisign program prints it."""
    public: "PublicKey" = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seal:
    """A signature that holds."""

    key: Key
    comment: str
    """The trusted comment."""

    def check(self, manifest: Manifest, place: str) -> None:
        """Compare with the manifest that lies in the signed file. Raises `PackError`."""
        if self.comment != told(manifest):
            raise PackError(f"{place}: the signature speaks of {self.comment!r}, the pack is {told(manifest)!r}")


def told(manifest: Manifest) -> str:
    """Give the trusted comment of a pack's signature."""
    return f"clara pack {manifest.name} {manifest.version} {manifest.revision}"


def generate(path: Path, password: str) -> tuple[Path, Path]:
    """Make a key pair and give its files, `PATH.key` and `PATH.pub`; an empty password leaves the secret key open.

    Raises:
        PackError: one of the files is there already, or the disk refuses.
    """
    from minisign import KeyPair

    secret_path, public_path = (path.with_name(f"{path.name}{suffix}") for suffix in (".key", ".pub"))
    pair = KeyPair.generate()
    pair.public_key.untrusted_comment = f"minisign public key {_id(pair.public_key.to_base64())}"
    if password:
        pair.secret_key.encrypt(password)
    try:
        _write_new(secret_path, bytes(pair.secret_key) + b"\n", 0o600)
        try:
            _write_new(public_path, bytes(pair.public_key) + b"\n", 0o644)
        except OSError:
            secret_path.unlink()
            raise
    except FileExistsError as error:
        raise PackError(
            f"{path}: there is a key of that name already; choose another, no key is overwritten"
        ) from error
    except OSError as error:
        raise PackError(f"{path}: the key cannot be written ({error.strerror or error})") from error
    return secret_path, public_path


def locked(path: Path) -> bool:
    """Tell whether a secret key needs a password. Raises `PackError`."""
    from minisign import Error, SecretKey

    try:
        return bool(SecretKey.from_bytes(_small(path)).is_encrypted())
    except Error as error:
        raise PackError(f"{path}: is no minisign secret key ({error})") from error


def sign(path: Path, manifest: Manifest, key: Path, password: str) -> Path:
    """Sign a pack and give the signature's file. Raises `PackError`."""
    from minisign import Error, SecretKey

    try:
        secret = SecretKey.from_bytes(_small(key))
        secret.decrypt(password)
        with path.open("rb") as file:
            signature = secret.sign(file, prehash=True, trusted_comment=told(manifest), untrusted_comment=COMMENT)
        beside = path.with_name(path.name + SUFFIX)
        fresh = beside.with_name(f".{beside.name}.{os.getpid()}")
        fresh.write_bytes(bytes(signature) + b"\n")
        fresh.replace(beside)
    except Error as error:
        raise PackError(f"{key}: cannot sign: {error}") from error
    except OSError as error:
        raise PackError(f"{path}: cannot be signed ({error.strerror or error})") from error
    return beside


def read_key(path: Path) -> Key:
    """Read a public key's file. Raises `PackError`."""
    from minisign import Error, PublicKey

    try:
        public = PublicKey.from_bytes(_small(path))
    except Error as error:
        raise PackError(f"{path}: is no minisign public key ({error}); mend or remove the file") from error
    return Key(path.stem, _id(public.to_base64()), public)


def trusted(data: Path) -> tuple[Key, ...]:
    """Read the keys that the box of this data folder trusts, by name. Raises `PackError` naming a bad file."""
    return tuple(map(read_key, sorted((data / TRUST).glob("*.pub"))))


def trust(data: Path, path: Path, name: str = "") -> Key:
    """Let this box take packs of a public key, under `name` or its file's. Raises `PackError`."""
    key = read_key(path)
    name = name or path.stem
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
        raise PackError(f"{name!r} is no name for a key: take letters, digits, dashes and underscores")
    kept = Key(name, key.id, key.public)
    beside = data / TRUST / f"{name}.pub"
    try:
        beside.parent.mkdir(parents=True, exist_ok=True)
        if beside.exists() and read_key(beside).public != key.public:
            raise PackError(f"{beside}: another key has that name; give this one another, or remove that one first")
        fresh = beside.with_name(f".{name}.{os.getpid()}")
        fresh.write_bytes(bytes(key.public) + b"\n")
        fresh.replace(beside)
    except OSError as error:
        raise PackError(f"{beside}: cannot be written ({error.strerror or error})") from error
    return kept


def distrust(data: Path, name: str) -> None:
    """Take no more packs of the key of this name. Raises `PackError` when there is none."""
    path = data / TRUST / f"{name}.pub"
    if path.parent != data / TRUST or not path.is_file():
        raise PackError(f"no key named {name!r} is trusted; `clara corpora trust` lists them")
    path.unlink()


def beside(path: Path) -> bytes:
    """Read the signature beside a pack. Raises `PackError` when there is none."""
    place = path.with_name(path.name + SUFFIX)
    if not place.is_file():
        raise PackError(f"{path}: is not signed: {place.name} is missing; a box takes only signed packs")
    return _small(place)


def check(file: BinaryIO, signature: bytes, keys: Sequence[Key], place: str) -> Seal:
    """Prove that one of the keys signed every byte of `file`, which is read to its end.

    Raises:
        PackError: the signature is malformed, of no trusted key, or doesn't hold; says which.
    """
    from minisign import Error, VerifyError

    try:
        found = _signature(signature)
    except Error as error:
        raise PackError(f"{place}: the signature is damaged ({error}); fetch pack and signature anew") from error
    signer = _id(signature.splitlines()[1])
    if not keys:
        raise PackError(f"{place}: is signed by key {signer}, and this box trusts no key; see `clara corpora trust`")
    able = [key for key in keys if key.id == signer]
    if not able:
        names = ", ".join(f"{key.name} ({key.id})" for key in keys)
        raise PackError(f"{place}: is signed by key {signer}, which is not trusted; trusted are {names}")
    for key in able:
        file.seek(0)
        try:
            key.public.verify(file, found)
        except VerifyError:
            continue
        return Seal(key, str(found.trusted_comment))
    raise PackError(f"{place}: was altered after it was signed, or its signature was; fetch both anew")


def _signature(raw: bytes) -> "Signature":
    """Read a signature; raises `minisign.Error` unless it is written in the one way that minisign writes it."""
    from minisign import ParseError, Signature

    found = Signature.from_bytes(raw)
    # Else a bit could be changed where no signature stands for it: in the first line, or in base64's last digit.
    if bytes(found) + b"\n" != raw or found.untrusted_comment != COMMENT:
        raise ParseError("not written as minisign writes it")
    if not found.is_prehashed():
        raise ParseError("the old kind that is not prehashed")
    return found


def _id(line: bytes) -> str:
    """Give the key's id that stands in a base64 line: bytes 2 to 10, a number with its lowest byte first."""
    return f"{int.from_bytes(base64.b64decode(line)[2:10], 'little'):016X}"


def _small(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PackError(f"{path}: is larger than {MAX_BYTES} bytes: no key or signature is")
        return path.read_bytes()
    except OSError as error:
        raise PackError(f"{path}: cannot be read ({error.strerror or error})") from error


def _write_new(path: Path, raw: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(raw)
