"""Real backends: the resolvers that Amplify generates for a schema, run on DynamoDB Local.

`make test-real` installs what they need and sets REAL_BACKEND; without it these tests are not collected.
One Node process (`node/serve.mjs`, whose first lines say how to start it alone) serves all schemas of a session:

    def test_…(real_backends):                    # the session's, by schema: todo, blog, identifiers, …
        backend = real_backends["blog"]           # a RealBackend; its tables may have items of other tests

    @pytest.mark.schema("todo")
    def test_…(real_backend):                     # that schema's, emptied before the test
        real_backend.url, .api_key, .env()        # env(): of a function; signatures are verified
        real_backend.client()                     # or generate_client() in that environment
        real_backend.post(body, headers)          # (status, answer)
        real_backend.resolver("echo")(function)   # a function (arguments, identity), as with LocalBackend
        real_backend.items("Todo")                # what is stored
        real_backend.empty()                      # a few milliseconds

Tokens of users are decoded, not verified: those of `LocalBackend.token(…)` are good here too.
REAL_SCHEMAS="todo blog" serves only some; REAL_DYNAMODB=http://… takes another DynamoDB than DynamoDB Local.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from layer.build import build
from tests.dev.local_backend.asking import introspection

from .app import App, Variant, synthesise
from .backend import RealBackend
from .functions import Functions, answering
from .process import serving

SCHEMAS = ("todo", "blog", "identifiers", "scalars", "operations", "ai", "sample", "relations")

collect_ignore_glob = [] if os.environ.get("REAL_BACKEND") else ["test_*.py"]


@pytest.fixture(scope="session")
def real_backends() -> Iterator[dict[str, RealBackend]]:
    schemas = os.environ.get("REAL_SCHEMAS", " ".join(SCHEMAS)).split()
    dynamodb = os.environ.get("REAL_DYNAMODB")
    functions = Functions()
    with answering(functions) as url:
        options = ["--functions", url, *(["--dynamodb", dynamodb] if dynamodb else [])]
        with serving(schemas, *options) as ready:
            yield {
                name: RealBackend(name, found["url"], found["apiKey"], found["environment"], functions)
                for name, found in ready["backends"].items()
            }


# what the introspection leaves out, as node/schemas has it
_OWNER, _ADMINS = {"allow": "owner"}, {"allow": "groups", "groups": ["Admins"]}
FIELD_RULES = {
    "sample": {"Note": {"secret": [_OWNER]}},
    "relations": {
        "FieldParent": {"kids": [_ADMINS], "one": [_ADMINS]},
        "SecretKid": {"text": [_OWNER], "parentId": [_OWNER, _ADMINS]},
        "LockParent": {"name": [_ADMINS]},
    },
}
DEFAULTS = {
    "scalars": {
        "WithDefaults": {
            "title": "untitled",
            "count": 3,
            "ratio": 0.5,
            "flag": True,
            "day": "2024-01-01",
            "config": {},
        }
    }
}


@pytest.fixture(scope="session")
def local_backends() -> Iterator[dict[str, LocalBackend]]:
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(
                LocalBackend(introspection(name), field_rules=FIELD_RULES.get(name), defaults=DEFAULTS.get(name))
            )
            for name in SCHEMAS
        }


@pytest.fixture
def real_backend(request: pytest.FixtureRequest, real_backends: dict[str, RealBackend]) -> RealBackend:
    [name] = request.node.get_closest_marker("schema").args
    backend = real_backends[name]
    backend.functions.registered.clear()
    backend.empty()
    return backend


@pytest.fixture(scope="session")
def built_layer(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Build the Lambda layer for a Python and an architecture; gives its zip."""
    return cache(lambda python, arch: build(python, arch, tmp_path_factory.mktemp("layer")))


@pytest.fixture(scope="session")
def amplify_app(
    tmp_path_factory: pytest.TempPathFactory, built_layer: Callable[[str, str], Path]
) -> Callable[[Variant], App]:
    """Synthesise a variant of examples/amplify-app, see app.py."""

    @cache
    def synthesised(variant: Variant) -> App:
        return synthesise(variant, tmp_path_factory.mktemp("app"), built_layer(variant.python, variant.arch))

    return synthesised
