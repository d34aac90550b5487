"""The box's own authority, held against OpenSSL as a phone would be, and the way to trust it."""

import asyncio
import socket
import ssl
import stat
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import ClientConnectorCertificateError, ClientSession, TCPConnector
from aiohttp.test_utils import TestClient, TestServer
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from appliance.web import certificates as module
from appliance.web.certificates import LEAF_DAYS, Authority, Certificates, authority, called, here, leaf, now
from appliance.web.errors import WebError
from appliance.web.server import Secure, build, serve
from appliance.web.trust import plain
from tests.fakes.box import FakeBox

TestServer.__test__ = False  # type: ignore[attr-defined]
TestClient.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def made(tmp_path: Path) -> Certificates:
    """Certificates of a box on this machine."""
    return Certificates(tmp_path / "tls", "127.0.0.1")


def trusting(by: Authority) -> ssl.SSLContext:
    """What a phone has after it was told to trust the box."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=by.pem.decode())
    return context


def served(made: Certificates) -> x509.Certificate:
    """The certificate that connections get now."""
    return x509.load_pem_x509_certificate(made._crt.read_bytes())


async def shown(context: ssl.SSLContext, server: ssl.SSLContext, name: str) -> bytes | None:
    """Connect as a phone would to `name`; gives the certificate that was accepted."""
    listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=server)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name)
        got: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.transport.abort()
        return got


def test_the_authority_is_made_once_and_only_its_owner_reads_its_key(made: Certificates, tmp_path: Path) -> None:
    """A second start has the same authority and the same certificate."""
    again = Certificates(tmp_path / "tls", "127.0.0.1")

    assert again.authority.fingerprint == made.authority.fingerprint
    assert served(again) == served(made)
    for file in (tmp_path / "tls").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "::1", "localhost", f"{socket.gethostname().split('.')[0].lower()}.local"]
)
async def test_a_phone_that_trusts_the_authority_accepts_the_box_by_every_name(made: Certificates, name: str) -> None:
    """OpenSSL checks chain, dates, purpose, names and the authority's constraints."""
    assert await shown(trusting(made.authority), made.context, name)


async def test_a_phone_that_was_not_told_does_not(made: Certificates) -> None:
    """Nor is a box taken for another."""
    with pytest.raises(ssl.SSLCertVerificationError):
        await shown(ssl.create_default_context(), made.context, "127.0.0.1")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        await shown(trusting(made.authority), made.context, "other.local")


@pytest.mark.parametrize(("name", "address"), [("bank.example", "127.0.0.1"), ("box.local", "8.8.8.8")])
async def test_a_stolen_authority_opens_no_site_of_the_internet(
    made: Certificates, tmp_path: Path, name: str, address: str
) -> None:
    """Its constraints hold, whatever is signed with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    forged = leaf(made.authority, key.public_key(), [name], [ip_address(address)], now())
    file = tmp_path / "forged.pem"
    file.write_bytes(forged.public_bytes(serialization.Encoding.PEM) + module.pem(key))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        await shown(trusting(made.authority), context, name)


async def test_the_certificate_is_made_anew_a_month_before_its_end(
    made: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connections to come get it, without a restart."""
    first, before = await shown(trusting(made.authority), made.context, "localhost"), served(made)
    assert before.not_valid_after_utc - before.not_valid_before_utc == timedelta(days=LEAF_DAYS)
    assert not made.renew()

    late = datetime.now(module.UTC) + timedelta(days=LEAF_DAYS - 31)
    monkeypatch.setattr(module, "now", lambda: late)
    assert made.renew()
    assert served(made).not_valid_after_utc > late + timedelta(days=390)
    with pytest.raises(ssl.SSLCertVerificationError, match="not yet valid"):  # OpenSSL's clock stayed
        await shown(trusting(made.authority), made.context, "localhost")
    assert first == before.public_bytes(serialization.Encoding.DER)


def test_another_address_and_another_authority_make_it_anew(
    made: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a lease of another network brings one; public addresses are left out."""
    monkeypatch.setattr(module, "interfaces", lambda: ["192.168.7.9", "8.8.8.8"])
    assert made.renew()
    also = served(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = also.get_values_for_type(x509.IPAddress)
    assert ip_address("192.168.7.9") in addresses
    assert ip_address("8.8.8.8") not in addresses
    assert "192.168.7.9" in made.names
    assert "8.8.8.8" not in made.names
    assert not made.renew()

    (tmp_path / "tls" / "authority.pem").unlink()
    again = Certificates(tmp_path / "tls", "127.0.0.1")
    assert again.authority.fingerprint != made.authority.fingerprint
    assert again.authority.signed(served(again))


def test_a_damaged_certificate_is_made_anew_and_a_damaged_authority_is_named(tmp_path: Path) -> None:
    """Phones trust the authority: it is never replaced behind their back."""
    made = Certificates(tmp_path, "127.0.0.1")
    (tmp_path / "box.pem").write_text("garbage")
    Certificates(tmp_path, "127.0.0.1")
    assert made.authority.signed(served(made))
    (tmp_path / "authority.pem").write_text("garbage")

    with pytest.raises(WebError, match="no certificate can be made in"):
        Certificates(tmp_path, "127.0.0.1")


def test_names_and_addresses_are_those_that_the_authority_may_certify() -> None:
    """The bound host among them."""
    assert ip_address("10.1.2.3") in here("10.1.2.3")
    assert ip_address("8.8.8.8") not in here("8.8.8.8")
    assert "van7.lan" in called("van7.lan")
    assert "van7.example" not in called("van7.example")
    assert ip_address("0.0.0.0") not in here("0.0.0.0")


@pytest.fixture
async def leading(made: Certificates) -> AsyncIterator[TestClient]:
    """A client of the server without TLS."""
    async with TestClient(TestServer(plain(made.authority, "127.0.0.1", 8443))) as client:
        yield client


async def test_a_phone_fetches_the_certificate_and_is_told_how(leading: TestClient, made: Certificates) -> None:
    """With the fingerprint to compare, and never with the key."""
    reply = await leading.get("/ca.crt")
    data = await reply.read()
    assert reply.content_type == "application/x-x509-ca-cert"
    assert x509.load_pem_x509_certificate(data) == made.authority.certificate
    assert b"PRIVATE" not in data

    page = await leading.get("/trust")
    text = await page.text()
    assert made.authority.fingerprint in text
    assert "iPhone" in text
    assert "Android" in text
    assert (await leading.get("/page.css")).status == 200


@pytest.mark.parametrize("path", ["/", "/v1/library/search?q=a%20b&system=x", "//evil.example/x"])
async def test_all_else_is_led_to_https_on_the_same_host(leading: TestClient, path: str) -> None:
    """Method and query kept; no other site is ever named."""
    async with ClientSession() as session:
        url = f"http://127.0.0.1:{leading.port}{path}"
        reply = await session.post(url, allow_redirects=False)

    assert reply.status == 308
    assert reply.headers["Location"] == f"https://127.0.0.1:8443{path}"
    foreign = await leading.get("/", headers={"Host": "evil.example"}, allow_redirects=False)
    assert foreign.status == 421


async def test_the_box_serves_page_and_conversation_by_tls(made: Certificates) -> None:
    """The WebSocket too; the same Origin rules hold."""
    stop = asyncio.Event()
    place: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(FakeBox(), "127.0.0.1", 0, place.set_result, stop, secure=Secure(made, 0)))
    url = await place
    assert url.startswith("https://127.0.0.1:")
    async with ClientSession(connector=TCPConnector(ssl=trusting(made.authority))) as session:
        assert (await session.get(f"{url}healthz")).status == 200
        assert (await session.get(f"{url}ca.crt")).status == 200
        async with session.ws_connect(f"{url}v1/talk", headers={"Origin": url.rstrip("/")}) as socket:
            await socket.send_json({"t": "hello", "key": "k" * 20})
            assert (await socket.receive_json())["t"] == "ready"
    async with ClientSession() as stranger:
        with pytest.raises(ClientConnectorCertificateError):
            await stranger.get(url)
    stop.set()
    await serving


def test_the_application_without_tls_offers_no_certificate() -> None:
    """There is nothing to trust."""
    paths = {resource.canonical for resource in build(FakeBox(), "127.0.0.1").router.resources()}

    assert "/ca.crt" not in paths


def test_an_authority_of_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    """With the file's name."""
    from cryptography.hazmat.primitives.asymmetric import ed25519

    file = tmp_path / "authority.pem"
    authority(tmp_path, now())
    key = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(key)

    with pytest.raises(ValueError, match="another kind of key"):
        authority(tmp_path, now())
