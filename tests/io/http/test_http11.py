"""What a connection writes is what HTTP's other side reads."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client import OperationError
from amplify_data_client._core.wire.messages import HttpRequest
from amplify_data_client._io.http.http11 import target_of, written

NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1).map(lambda name: f"x-{name}")
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(str.strip)
URL = "https://api.example.com/graphql?a=%20b"
TARGET = target_of(URL)


def read(request: bytes) -> tuple[h11.Request, bytes]:
    server = h11.Connection(h11.SERVER)
    server.receive_data(request)
    asked, body = server.next_event(), b""
    assert isinstance(asked, h11.Request)
    while isinstance(event := server.next_event(), h11.Data):
        body += bytes(event.data)
    assert isinstance(event, h11.EndOfMessage)
    assert server.trailing_data == (b"", False)
    return asked, body


@given(headers=st.dictionaries(NAMES, VALUES), body=st.binary())
def test_the_other_side_reads_what_was_asked(headers: dict[str, str], body: bytes):
    asked, found = read(written(HttpRequest("POST", URL, {"host": "api.example.com", **headers}, body), TARGET))
    length = [(b"content-length", b"%d" % len(body))] if body else []
    expected = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert list(asked.headers) == [(b"host", b"api.example.com"), *expected, *length]
    assert (asked.method, asked.target, found) == (b"POST", b"/graphql?a=%20b", body)


@pytest.mark.parametrize("value", ["a\r\nx-b: c", "a\nb", "a\rb", "a\0b", "\ud800"])
def test_a_header_cannot_bring_another_one_and_is_not_shown(value: str):
    with pytest.raises(OperationError, match="cannot be written as HTTP") as refused:
        written(HttpRequest("POST", URL, {"authorization": f"secret {value}"}, b""), TARGET)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("path", ["/a b", "/a\r\nx: y"])
def test_a_path_cannot_bring_a_header(path: str):
    with pytest.raises(OperationError, match="cannot be written as HTTP"):
        written(HttpRequest("POST", URL, {}, b""), TARGET._replace(path=path))
