"""Requests that are refused before GraphQL has a say: bodies, keys, tokens, signatures."""

import re

from tests.real_backend.differential.callers import FUNCTION, sending, tampering
from tests.real_backend.differential.notation import Scenario, document, raw, run

LIST = "{ listTodos { items { id } } }"

SCENARIOS = [
    Scenario(
        "todo",
        "bodies that are no GraphQL requests",
        *map(
            raw,
            [b"", b"meow", b"{}", b"[]", b"null", b'"text"', b"1", b'{"query": 1}', b'{"query": null}', b"\xff\xfe"],
        ),
        raw(b'{"query": "{ __typename }", "variables": null}'),
        raw(b'{"query": "{ __typename }", "extensions": {}}'),
        raw(b"").by(FUNCTION),
        raw(b"meow").by(sending()),
    ),
    Scenario(
        "todo",
        "credentials that are none",
        document(LIST).by(sending()),
        document(LIST).by(sending(x_api_key="nope")),
        document(LIST).by(sending(x_api_key="")),
        document(LIST).by(sending(authorization="")),
        document(LIST).by(sending(authorization="nonsense")),
        document(LIST).by(sending(authorization="Bearer nonsense")),
        document(LIST).by(sending(authorization="a.b.c")),
        document("nonsense").by(sending()),
        document("nonsense").by(sending(x_api_key="nope")),
    ),
    Scenario(
        "todo",
        "signatures that are not right",
        document(LIST).by(FUNCTION),
        document(LIST).by(
            tampering(
                lambda sent: {**sent, "authorization": re.sub("=[A-Z0-9]+/", "=AKIAUNKNOWN/", sent["authorization"])},
                "an unknown key",
            )
        ),
        document(LIST).by(sending(authorization="AWS4-HMAC-SHA256 nonsense", x_amz_date="20240101T000000Z")),
        document(LIST).by(
            tampering(
                lambda sent: {**sent, "authorization": f"{sent['authorization'][:-6]}abcdef"}, "a wrong signature"
            )
        ),
        document(LIST).by(tampering(lambda sent: {**sent, "x-api-key": "nope"}, "a wrong key beside it")),
        run("createTodo", "id", input={"id": "1"}).by(FUNCTION),
    ),
]
