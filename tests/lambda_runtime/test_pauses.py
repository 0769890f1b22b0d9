"""What changes between two calls: the sandbox was frozen, its sockets are gone, its credentials are others."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from amplify_data_client._io.http.http11 import IDLE_SECONDS
from amplify_data_client.dev.local_backend import LocalBackend
from amplify_data_client.dev.local_backend.access.identity import Role

from . import wire
from .conftest import Deploy, Start
from .sandbox import InvocationError

EVENTS: dict[str, Any] = {"loaded": None, "awaiting": {"names": ["one"]}}


@pytest.mark.parametrize("happens", [wire.Wire.cut, wire.Wire.lose], ids=["closed", "lost"])
def test_the_first_call_after_a_freeze_works(
    happens: Callable[[wire.Wire], None], deploy: Deploy, started: Start, backend: LocalBackend
):
    """Idle for longer than connections are trusted, which is what minutes are. Both clients, and each call once."""
    with wire.to(backend.url) as way:
        sandboxes = {name: started(deploy(name, url=way.url)) for name in EVENTS}
        for name, sandbox in sandboxes.items():
            sandbox.invoke(EVENTS[name])
        with sandboxes["loaded"].frozen(), sandboxes["awaiting"].frozen():
            happens(way)
            time.sleep(IDLE_SECONDS + 1)
        for name, sandbox in sandboxes.items():
            sandbox.invoke(EVENTS[name])
        assert len(backend.items("Todo")) == 4
        assert way.connections == 4


def test_a_connection_that_the_peer_has_closed_is_not_used_after_a_short_freeze_either(
    deploy: Deploy, started: Start, backend: LocalBackend
):
    with wire.to(backend.url) as way:
        sandbox = started(deploy("loaded", url=way.url))
        for _ in range(3):
            sandbox.invoke()
            with sandbox.frozen():
                way.cut()
        assert len(sandbox.invoke()["calls"]) == 4
        assert len(backend.items("Todo")) == 4


def test_a_connection_is_used_again_while_it_is_fresh(deploy: Deploy, started: Start, backend: LocalBackend):
    with wire.to(backend.url) as way:
        sandbox = started(deploy("loaded", url=way.url))
        sandbox.invoke()
        start = time.monotonic()
        sandbox.invoke()
        sandbox.invoke()
        assert way.connections == 1 or time.monotonic() - start > IDLE_SECONDS  # a machine that stalls


def test_one_awaiting_client_serves_a_loop_per_call(deploy: Deploy, started: Start, backend: LocalBackend):
    sandbox = started(deploy("awaiting"))
    made = [one for _ in range(3) for one in sandbox.invoke({"names": ["a", "b", "c"]})]
    assert sorted(made) == sorted(item["id"] for item in backend.items("Todo"))
    assert len(made) == 9
    assert sandbox.log == ""  # no loop, socket or task was left behind with a warning


def keys_of(role: Role) -> dict[str, str]:
    assert role.token is not None
    return {
        "AWS_ACCESS_KEY_ID": role.access_key,
        "AWS_SECRET_ACCESS_KEY": role.secret_key,
        "AWS_SESSION_TOKEN": role.token,
    }


def revoke(backend: LocalBackend, role: Role) -> None:
    del backend._issuer.authenticator.roles[role.access_key]


def test_the_environments_keys_are_read_for_every_call(deploy: Deploy, started: Start, backend: LocalBackend):
    first, second = backend.role("first"), backend.role("second")
    sandbox = started(deploy("rotating", **keys_of(first)))
    sandbox.invoke({})
    revoke(backend, first)
    with pytest.raises(InvocationError, match="UnauthorizedError"):
        sandbox.invoke({})
    sandbox.invoke(keys_of(second))
    assert len(backend.items("Todo")) == 2


class Container:
    """The endpoint that gives a container, or a SnapStart function, its credentials."""

    def __init__(self, role: Role) -> None:
        self.role, self.minutes, self.authorization = role, 5, "of this sandbox"
        self.asked = 0

    @contextmanager
    def serve(self) -> Iterator[dict[str, str]]:
        """Give the variables that lead here."""
        container = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                container.asked += 1
                allowed = self.headers["authorization"] == container.authorization
                body = json.dumps(container.credentials()).encode() if allowed else b"{}"
                self.send_response(200 if allowed else 403)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
            threading.Thread(target=server.serve_forever, name="container", daemon=True).start()
            variables = {
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{server.server_port}/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": self.authorization,
            }
            yield variables | dict.fromkeys(keys_of(self.role), "")
            server.shutdown()

    def credentials(self) -> dict[str, str]:
        key, secret, token = keys_of(self.role).values()
        expires = datetime.now(UTC) + timedelta(minutes=self.minutes)
        return {"AccessKeyId": key, "SecretAccessKey": secret, "Token": token, "Expiration": expires.isoformat()}


def test_a_containers_credentials_are_renewed_before_they_expire(deploy: Deploy, started: Start, backend: LocalBackend):
    """With five minutes to go botocore, the runtime's own, asks again; with an hour it does not."""
    first, second = backend.role("first"), backend.role("second")
    container = Container(first)
    with container.serve() as variables:
        sandbox = started(deploy("rotating", **variables))
        sandbox.invoke({})
        revoke(backend, first)
        container.role, container.minutes = second, 60
        sandbox.invoke({})
        asked = container.asked
        sandbox.invoke({})
        assert container.asked == asked
    assert len(backend.items("Todo")) == 3
