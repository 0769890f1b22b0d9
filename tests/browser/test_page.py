"""The page at `/`, in a real browser."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.browser.conftest import SCREENSHOTS
from tests.browser.visit import Visit, browser


def test_it_shows_models_their_fields_and_operations(visit: Visit):
    post = visit.one("article[id='model.Post']").text
    assert "authorId" in post and "AWSDateTime" in post and "belongs to, by authorId" in post
    assert "client.models.Post.create(…)" in post and "createPost" in post
    assert "DRAFT" in visit.one("article[id='type.PostStatus']").text


def test_a_link_leads_to_the_type_and_the_search_to_what_has_the_word(visit: Visit):
    visit.click("article[id='model.Comment'] a[href='#to.Post']")
    visit.until(lambda: visit.driver.execute_script("return scrollY > 0"))
    visit.one("#find").send_keys("warehouse")
    shown = [card.get_attribute("data-name") for card in visit.all("article") if card.is_displayed()]
    assert "Warehouse" in shown and "Author" not in shown
    assert "Author" not in visit.one("aside").text
    visit.one("#find").send_keys(" nowhere")
    assert visit.one("#nothing").text == "Nothing has that name."


def test_graphiql_runs_a_mutation_and_a_query(visit: Visit):
    visit.try_out("createAuthor")
    visit.type(".graphiql-editor-tool", '{"input": {"name": "Ann <b>"}}')
    created = visit.run()["data"]["createAuthor"]
    assert created["name"] == "Ann <b>"
    visit.screenshot("mutation")
    visit.try_out("listAuthors")
    assert visit.run() == {"data": {"listAuthors": {"items": [created], "nextToken": None}}}
    visit.screenshot("query")


def test_graphiql_knows_the_schema(visit: Visit):
    visit.try_out("listAuthors")
    visit.type(".graphiql-query-editor", "{ listAuthors { items { nam } } }")
    visit.one(".CodeMirror-lint-mark-error")
    visit.click("button[aria-label='Show Documentation Explorer']")
    visit.until(lambda: "Query" in visit.text(".graphiql-doc-explorer"))


def test_graphiql_asks_as_whom_one_chooses(visit: Visit):
    visit.try_out("createAuthor")
    visit.choose("as", "a signed-in user")
    visit.fill("username", "bob")
    visit.fill("groups", "Editors, Admins")
    assert visit.run()["data"]["createAuthor"]["owner"] == "bob"
    visit.choose("as", "an API key")
    visit.try_out("listTags")
    assert visit.run() == {"data": {"listTags": {"items": [], "nextToken": None}}}
    visit.try_out("listAuthors")
    assert visit.run()["errors"][0]["errorType"] == "Unauthorized"


def test_what_graphiql_sends_is_verified(visit: Visit):
    visit.try_out("listAuthors")
    visit.choose("as", "an API key")
    visit.fill("key", "da2-wrong")
    assert visit.run()["errors"][0]["errorType"] == "UnauthorizedException"
    [complaint] = visit.complaints()
    assert "401" in complaint


def test_the_environment_can_be_copied(visit: Visit, url: str):
    visit.driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"origin": url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    visit.click("a[href='#connect']")
    visit.click("button[data-copy=environment]")
    visit.until(lambda: visit.one("button[data-copy=environment]").text == "Copied")
    copied = visit.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == visit.one("#environment").text
    assert f"export AMPLIFY_DATA_GRAPHQL_ENDPOINT={url}/graphql" in copied


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 700, 360])
def test_every_view_fits_the_window(visit: Visit, width: int, *, dark: bool):
    visit.look(width=width, dark=dark)
    for view in ("schema", "connect", "graphiql"):
        visit.click(f"nav a[href='#{view}']")
        visit.one(f"#{view}")
        if view == "graphiql":
            visit.one(".graphiql-execute-button")
            assert visit.one(".graphiql-response").size["width"] > 200
        assert visit.overflow() == 0
        visit.screenshot(f"{view}-{width}-{'dark' if dark else 'light'}")


@contextmanager
def elsewhere(folder: Path) -> Iterator[int]:
    """Another site, at a port of its own."""
    (folder / "index.html").write_text("<!doctype html><title>elsewhere</title>")
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


ASK = """
const [url, headers, mode, done] = arguments;
fetch(url, { method: "POST", headers, mode, body: '{"query": "{ __typename }"}' })
  .then(async (reply) => done(reply.type + " " + reply.status + " " + (await reply.text())), (error) => done("failed"));
"""

FRAME = """
const [url, done] = arguments;
const frame = document.createElement("iframe");
Object.assign(frame, { src: url, onload: () => done(frame.contentDocument === null) });
document.body.append(frame);
"""


def test_another_site_can_neither_read_the_page_nor_ask_the_api(visit: Visit, url: str, tmp_path: Path):
    key = visit.driver.execute_script(
        "return JSON.parse(document.getElementById('data').textContent).credentials.apiKey"
    )
    with elsewhere(tmp_path) as port, browser(SCREENSHOTS) as other:
        other.open(f"http://localhost:{port}/")
        ask = other.driver.execute_async_script
        assert ask(ASK, f"{url}/graphql", {"x-api-key": key}, "cors") == "failed"
        assert ask(ASK, f"{url}/graphql", {}, "no-cors") == "opaque 0 "
        read = "fetch(arguments[0]).then(() => arguments[1]('read'), () => arguments[1]('failed'))"
        assert ask(read, f"{url}/") == "failed"
        assert ask(FRAME, f"{url}/") is True
        assert any("frame-ancestors" in said or "X-Frame-Options" in said for said in other.complaints())


def test_a_name_that_is_pointed_at_this_machine_gets_nothing(visit: Visit, url: str):
    key = visit.driver.execute_script(
        "return JSON.parse(document.getElementById('data').textContent).credentials.apiKey"
    )
    rebound = url.replace("127.0.0.1", "rebound.test")
    with browser(SCREENSHOTS, "host-resolver-rules=MAP rebound.test 127.0.0.1") as other:
        other.open(f"{rebound}/")
        assert "shown under an IP address or localhost" in other.one("body").text
        answer = other.driver.execute_async_script(ASK, f"{rebound}/graphql", {"x-api-key": key}, "cors")
        assert answer.startswith("basic 403")
