"""The headers that authorize a WebSocket, from the same rules as those of a POST: equal to what was recorded."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from amplify_data_client import OperationError
from amplify_data_client._core.wire import sigv4
from amplify_data_client._core.wire.authorization import REALTIME, Obtained, unsigned_headers
from amplify_data_client.config.model import DataClientConfig
from amplify_data_client.options import DEFAULT, read_options

RECORDED = json.loads((Path(__file__).parents[2] / "data/reference/goldens/subscriptions.json").read_text())
MADE_WITH, CONNECT, START = RECORDED["signatures"]
CONFIG = DataClientConfig(MADE_WITH["endpoint"], MADE_WITH["region"], {"models": {}}, api_key="da2-test")
KEYS = sigv4.Credentials(
    *(MADE_WITH["credentials"][name] for name in ("accessKeyId", "secretAccessKey", "sessionToken"))
)
CONNECT_HEADERS = json.loads(urlsafe_b64decode(CONNECT["subprotocol"].removeprefix("header-") + "=="))


@pytest.mark.parametrize(
    ("url", "body", "recorded"),
    [
        (f"{CONFIG.endpoint}/connect", "{}", CONNECT_HEADERS),
        (CONFIG.endpoint, START["data"], START["authorization"]),
    ],
    ids=["connect", "start"],
)
def test_a_websockets_connect_and_start_are_signed_as_recorded(url: str, body: str, recorded: dict[str, str]):
    unsigned = unsigned_headers(CONFIG, DEFAULT, Obtained(), REALTIME)
    assert unsigned.is_signed
    now = datetime.strptime(recorded["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    signed = sigv4.sign("POST", url, unsigned.headers, body.encode(), KEYS, CONFIG.region, "appsync", now)
    agent = {"x-amz-user-agent"}  # JavaScript's own, added to a start once it is signed
    assert signed == {name: value for name, value in recorded.items() if name not in agent}


@pytest.mark.parametrize(
    ("options", "added"),
    [
        ({"auth_mode": "api_key"}, {"x-api-key": "da2-test"}),
        ({"auth_mode": "user_pool", "auth_token": "token"}, {"authorization": "token"}),
        ({"auth_mode": "iam", "auth_token": "token"}, {"authorization": "token"}),
        ({"auth_mode": "none"}, {}),
    ],
)
def test_the_other_modes_add_theirs_to_the_first_headers_and_are_not_signed(options: Any, added: dict[str, str]):
    obtained = Obtained(options.get("auth_token"))
    unsigned = unsigned_headers(CONFIG, read_options(options), obtained, {"host": "api"})
    assert (unsigned.headers, unsigned.is_signed) == ({"host": "api", **added}, False)


def test_a_mode_without_its_token_is_refused_here_too():
    with pytest.raises(OperationError, match="'oidc' needs a token"):
        unsigned_headers(CONFIG, read_options({"auth_mode": "oidc"}), Obtained(), REALTIME)


def test_unsigned_headers_show_names_only():
    unsigned = unsigned_headers(CONFIG, read_options({"auth_mode": "api_key"}), Obtained(), {})
    assert repr(unsigned) == "<UnsignedHeaders x-api-key>"
