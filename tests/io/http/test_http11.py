"""What a connection writes is what HTTP's other side reads."""

import gzip
import zlib

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplify_data_client import OperationError
from amplify_data_client._core.wire.messages import HttpRequest
from amplify_data_client._io.http.http11 import Http11Connection, target_of, unpacked, written

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


def small(status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\ncontent-length: 2\r\n\r\n{}"


def asked() -> Http11Connection:
    made = Http11Connection()
    made.start_request(HttpRequest("POST", URL, {"host": "api.example.com"}, b"{}"), TARGET)
    return made


def test_interim_replies_are_passed_over_but_not_without_end():
    few = b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20
    reply = asked().receive_data(few + small())
    assert reply is not None
    assert reply.status == 200
    connection = asked()
    assert connection.receive_data(few) is None
    with pytest.raises(h11.RemoteProtocolError, match="without end"):
        connection.receive_data(b"HTTP/1.1 103 Early Hints\r\n\r\n")


def test_each_request_has_interim_replies_of_its_own():
    connection = asked()
    few = b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20
    for _ in range(3):
        assert connection.receive_data(few + small()) is not None
        assert connection.finish()
        connection.start_request(HttpRequest("POST", URL, {"host": "api.example.com"}, b"{}"), TARGET)


@given(members=st.lists(st.binary(), min_size=1), encoding=st.sampled_from(["gzip", "x-gzip", "GZIP"]))
def test_all_members_of_gzip_are_read(members: list[bytes], encoding: str):
    assert unpacked(b"".join(map(gzip.compress, members)), encoding) == b"".join(members)


@given(body=st.binary(min_size=1), cut=st.integers(min_value=1))
def test_what_is_cut_is_refused_and_never_shortened(body: bytes, cut: int):
    packed = gzip.compress(body) + gzip.compress(b"more")
    first = len(gzip.compress(body))
    cut = cut % len(packed) or 1
    if cut == first:  # nothing tells that there was more
        assert unpacked(packed[:cut], "gzip") == body
        return
    with pytest.raises(h11.RemoteProtocolError):
        unpacked(packed[:cut], "gzip")


@pytest.mark.parametrize("garbage", [b"x", b"\x1f\x8b", b"{}"])
def test_what_comes_after_the_last_member_is_refused_unless_it_fills_up(garbage: bytes):
    assert unpacked(gzip.compress(b"{}") + bytes(100), "gzip") == b"{}"
    with pytest.raises(h11.RemoteProtocolError):
        unpacked(gzip.compress(b"{}") + garbage, "gzip")


@given(body=st.binary(min_size=1))
def test_deflate_is_read_with_and_without_its_header(body: bytes):
    raw = zlib.compressobj(wbits=-15)
    assert unpacked(zlib.compress(body), "deflate") == body
    assert unpacked(raw.compress(body) + raw.flush(), "deflate") == body


def test_an_encoding_that_is_none_of_these_is_left_alone():
    assert unpacked(b"abc", None) == unpacked(b"abc", "identity") == unpacked(b"abc", "aws-chunked") == b"abc"
    assert unpacked(b"", "gzip") == b""


def test_no_variable_of_a_frame_shows_the_request_or_the_reply():
    """Error reporters keep the variables of the frames that an exception came through."""
    for broken in (b"HTTP/1.1 200 OK\r\nsecret\r\n\r\n", small() + b"secret", b"secret\r\n\r\n"):
        connection = Http11Connection()
        request = HttpRequest("POST", URL, {"host": "api.example.com", "x-api-key": "secret"}, b"secret")
        with pytest.raises(h11.RemoteProtocolError) as caught:  # noqa: PT012  # the second one breaks
            connection.start_request(request, TARGET)
            connection.receive_data(broken)
            connection.receive_data(b"")
            raise h11.RemoteProtocolError("it is complete")
        assert "secret" not in shown(caught.value)
    with pytest.raises(OperationError) as refused:
        Http11Connection().start_request(
            HttpRequest("POST", URL, {"authorization": "secret\n", "secret\n": "x"}, b"secret"), TARGET
        )
    assert "secret" not in shown(refused.value)


def shown(error: BaseException) -> str:
    trace, found = error.__traceback__, [str(error)]
    while trace is not None:
        if "amplify_data_client" in trace.tb_frame.f_code.co_filename:
            found += map(repr, trace.tb_frame.f_locals.values())
        trace = trace.tb_next
    return "\n".join(found)
