"""What holds for every test: no setting of this account, no network beyond this machine, no time limits."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from .valid_documents import Watch

FOREIGN = ("AWS_", "AMPLIFY_", "AMAZON_", "SSL_CERT_", "_HANDLER", "LAMBDA_")

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_configure() -> None:
    for name in [name for name in os.environ if name.startswith(FOREIGN) or name.lower().endswith("_proxy")]:
        del os.environ[name]
    os.environ.update({"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull})
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Any:
    """Look names up as a machine without a network does, so that the tests tell the same everywhere."""
    known = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and name != "localhost" and not name.replace(".", "").isdigit() and ":" not in name:
            raise socket.gaierror(socket.EAI_NONAME, f"the tests reach this machine only, not {name}")
        return known(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(scope="session")
def documents() -> Iterator[Watch]:
    """What is wrong with the documents that are made and sent, from the first test to the last."""
    with pytest.MonkeyPatch.context() as patch:
        watch = Watch()
        watch.install(patch)
        yield watch


@pytest.fixture(autouse=True)
def every_document_is_valid(documents: Watch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that makes or sends a document which the compiled API would refuse, unless it means to."""
    documents.objections.clear()
    yield
    found = [*documents.objections]
    if request.node.get_closest_marker("refused_by_the_api") is None:
        assert found == []
