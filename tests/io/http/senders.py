"""Senders with one face for both kinds, and certificates that they may trust."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from amplify_data_client._core.wire.messages import Failure, HttpRequest, Reply
from amplify_data_client._io.http.sender import open_async_sender, open_sender


def host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def post(url: str, headers: Any = None, body: bytes = b"{}") -> HttpRequest:
    return HttpRequest("POST", url, headers or {"host": host_of(url)}, body)


class Blocking:
    """A sender with the same face as the awaiting one."""

    def __init__(self, client: Any = None) -> None:
        self.sender = open_sender(client)

    def send(
        self, url: str, body: bytes = b"{}", seconds: float = 20.0, headers: Any = None, after_send: Any = None
    ) -> Reply | Failure:
        deadline = time.monotonic() + seconds
        return self.sender.send(post(url, headers, body), deadline, after_send)

    def many(self, url: str, count: int) -> list[Reply | Failure]:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda _: self.send(url), range(count)))

    def close(self) -> None:
        self.sender.close()


class Awaiting:
    def __init__(self, client: Any = None) -> None:
        self.sender = open_async_sender(client)
        self.runner = asyncio.Runner()

    def send(
        self, url: str, body: bytes = b"{}", seconds: float = 20.0, headers: Any = None, after_send: Any = None
    ) -> Reply | Failure:
        return self.runner.run(self._send(url, body, seconds, headers, after_send))

    async def _send(
        self, url: str, body: bytes, seconds: float, headers: Any = None, after_send: Any = None
    ) -> Reply | Failure:
        return await self.sender.send(post(url, headers, body), time.monotonic() + seconds, after_send)

    def many(self, url: str, count: int) -> list[Reply | Failure]:
        async def all_of_them() -> list[Reply | Failure]:
            return await asyncio.gather(*(self._send(url, b"{}", 20.0) for _ in range(count)))

        return self.runner.run(all_of_them())

    def close(self) -> None:
        self.runner.run(self.sender.aclose())
        self.runner.close()


@contextlib.contextmanager
def over_httpx(sender: Blocking | Awaiting) -> Iterator[Any]:
    """A sender of the same kind, over a user's client."""
    if isinstance(sender, Blocking):
        with httpx.Client(trust_env=False) as client:
            yield Blocking(client)
        return
    made = Awaiting(httpx.AsyncClient(trust_env=False))
    yield made
    made.runner.run(made.sender._transport._client.aclose())
    made.close()


def certificate(folder: Path, host: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, folder / "key.pem")
    return context, file
