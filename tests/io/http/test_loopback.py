"""Which hosts are this machine."""

import pytest

from amplify_data_client._io.http.loopback import is_loopback


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost", "localhost.", "api.localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"]
)
def test_this_machine_is_known_by_name_and_address(host: str):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost.example",
        "mylocalhost",
        "127.0.0.1.example",
        "127.0.0.1.",
        "127.1",
        "0.0.0.0",  # a name in a test
        "10.0.0.1",
        "::",
        "::2",
        "::ffff:127.0.0.1",
        "host.docker.internal",
        "127.0.0.1\n",
    ],
)
def test_no_other_host_is(host: str):
    assert not is_loopback(host)
