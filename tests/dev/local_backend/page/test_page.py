"""The page at `/`, as a browser asks for it. `make test-browser` looks at it in one."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest
from graphql import build_schema, parse, validate

from amplify_data_client.dev.local_backend import LocalBackend
from amplify_data_client.dev.local_backend.page.origins import Listener
from tests.dev.local_backend.asking import Api, introspection

SCHEMAS = ["todo", "blog", "identifiers", "scalars", "operations", "ai", "sample"]


class Html(HTMLParser):
    """What a page shows, and the data that it gives its scripts."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.open: list[str] = []
        self.shown = ""
        self.script = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.script += data
        else:
            self.shown += data


@pytest.fixture(params=SCHEMAS)
def backend(request: pytest.FixtureRequest) -> Iterator[LocalBackend]:
    with LocalBackend(introspection(request.param)) as made:
        yield made


def test_it_shows_every_model_field_and_operation(backend: LocalBackend):
    with backend.serve() as url:
        page = Html(httpx.get(url).text)
    found, schema = backend.introspection, build_schema(backend.sdl, assume_valid=True)
    assert page.open == []
    for model in found.models.values():
        assert f"model.{model.name}" in page.ids
        assert [name for name in model.fields if name not in page.shown] == []
    for name in (*found.queries, *found.mutations, *found.generations, *found.conversations):
        assert f"operation.{name}" in page.ids
    roots = [name for root in (schema.query_type, schema.mutation_type) if root for name in root.fields]
    # a conversation's route stands for what is stored of it
    inner = [route.name.lower() for route in found.conversations.values()]
    wanted = [name for name in roots if not any(name.lower() != route and route in name.lower() for route in inner)]
    assert len(wanted) >= 4
    assert [name for name in wanted if name not in page.shown] == []
    assert [name for name in page.ids if page.ids.count(name) > 1] == []


def test_its_samples_are_valid_and_answered(backend: LocalBackend):
    schema, api = build_schema(backend.sdl, assume_valid=True), Api(backend)
    with backend.serve() as url:
        samples = httpx.get(f"{url}/_page/samples.json").json()
    assert len(samples) == sum(len(root.fields) for root in (schema.query_type, schema.mutation_type) if root)
    for name, sample in samples.items():
        assert validate(schema, parse(sample["document"])) == [], name
        answer = api.ask(sample["document"], sample["variables"], {"authorization": backend.token("ann")})
        assert [one for one in answer.get("errors", ()) if one.get("errorType") is None] == [], name


def test_what_a_schema_says_is_shown_and_never_run():
    raw, evil = introspection("todo"), "</script><script>alert(1)</script>"
    rules = {"rules": [{"allow": "groups", "groups": [evil]}]}
    raw["models"]["Todo"]["attributes"].append({"type": "auth", "properties": rules})
    with LocalBackend(raw, api_key=evil) as backend, backend.serve() as url:
        text = httpx.get(url).text
    page = Html(text)
    assert text.count("<script") == 2
    assert f"group {evil}" in page.shown
    assert json.loads(page.script)["credentials"]["apiKey"] == evil


def test_it_needs_no_other_host_and_no_script_of_its_own_text(todo: Api):
    with todo.backend.serve() as url:
        page = httpx.get(url)
        assert re.findall(r'(?:src|href)="(?![/#])[^"]*"', page.text) == []
        files = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
        files += [f"/_page/graphiql/{name}" for name in ("react.js", "react-dom.js", "graphiql.js", "graphiql.css")]
        for file in files:
            reply = httpx.get(url + file)
            assert reply.status_code == 200
            assert reply.headers["x-content-type-options"] == "nosniff"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"


def test_it_shows_the_environment_on_this_machine_only(todo: Api):
    with todo.backend.serve() as url:
        text = httpx.get(url).text
        assert [value for value in todo.backend.env().values() if value not in text] == []
    with todo.backend.serve("0.0.0.0") as url:
        text = httpx.get(url).text
        env = todo.backend.env()
        assert "shows the environment to export" in text
        assert [name for name in env if name.endswith(("ID", "KEY", "TOKEN")) and env[name] in text] == []
        assert todo.backend.api_key not in text
        assert json.loads(Html(text).script)["credentials"] is None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "["])
def test_a_name_that_may_be_anybodys_gets_no_page(todo: Api, host: str):
    with todo.backend.serve():
        for target in ("/", "/_page/samples.json", "/_page/token"):
            reply = todo.backend.handle("GET", target, {"host": host})
            assert reply.status == 421
            assert todo.backend.api_key.encode() not in reply.body


def test_the_name_that_it_was_told_to_listen_at_is_its_own(todo: Api):
    listener = Listener("my-machine.example", "127.0.1.1")
    assert listener.is_private
    assert all(listener.is_own(host) for host in ("my-machine.example:1", "[::1]:80", "10.0.0.7", "LOCALHOST:3"))
    assert not any(listener.is_own(host) for host in ("other.example", "other.example@localhost", "@[::1]:80"))
    assert not Listener("0.0.0.0", "0.0.0.0").is_private
    assert Listener("::1", "::1").is_private


def test_there_is_no_page_before_it_is_served(todo: Api):
    assert todo.backend.handle("GET", "/", {"host": "localhost"}).status == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "", "//"])
def test_a_request_from_a_page_of_another_origin_is_refused_whatever_it_holds(todo: Api, origin: str):
    with todo.backend.serve() as url:
        headers = {"x-api-key": todo.backend.api_key, "origin": origin}
        reply = httpx.post(f"{url}/graphql", headers=headers, json={"query": "{ __typename }"})
        assert reply.status_code == 403
        assert reply.json()["errors"][0]["errorType"] == "AccessDeniedException"
        assert "access-control-allow-origin" not in reply.headers
        assert httpx.options(f"{url}/graphql", headers={"origin": origin}).status_code == 403
        own = {**headers, "origin": url}
        assert httpx.post(f"{url}/graphql", headers=own, json={"query": "{ __typename }"}).status_code == 200


def test_a_page_under_a_rebound_name_is_of_another_origin(todo: Api):
    with todo.backend.serve():
        headers = {"x-api-key": todo.backend.api_key, "origin": "http://evil.example:1", "host": "evil.example:1"}
        assert todo.backend.handle("POST", "/graphql", headers, b'{"query": "{ __typename }"}').status == 403


def test_only_the_function_gets_tokens_of_users(todo: Api):
    body = json.dumps({"username": "ann", "groups": ["Admins"]}).encode()
    with todo.backend.serve() as url:
        place = f"{url}/_page/token"
        assert httpx.post(place, content=body).status_code == 403
        assert httpx.post(place, content=body, headers={"x-api-key": todo.backend.api_key}).status_code == 403
        assert httpx.get(place).status_code == 405
        other = todo.backend.role("other")
        assert httpx.post(place, content=body, headers=signed(todo, place, body, other)).status_code == 400
        assert httpx.post(place, content=b"{}", headers=signed(todo, place, b"{}")).status_code == 400
        token = httpx.post(place, content=body, headers=signed(todo, place, body)).json()["token"]
    assert todo.data("{ __typename }", headers={"authorization": token})


def signed(todo: Api, url: str, body: bytes, role=None) -> dict[str, str]:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    role = role or todo.backend._issuer.function
    request = AWSRequest("POST", url, data=body)
    SigV4Auth(Credentials(role.access_key, role.secret_key, role.token), "appsync", "us-east-1").add_auth(request)
    return dict(request.headers)


def test_what_is_not_of_the_page_is_as_before(todo: Api):
    with todo.backend.serve() as url:
        assert httpx.get(f"{url}/favicon.ico").status_code == 403  # S3, unsigned
        assert httpx.get(f"{url}/_page/../backend.py").status_code == 403
        assert httpx.get(f"{url}/_page/%2e%2e/page.py").status_code == 404
        assert httpx.get(f"{url}/_page/nothing").status_code == 404
        assert httpx.post(f"{url}/").status_code == 404
        assert httpx.head(url).status_code == 200
        assert httpx.head(url).content == b""
