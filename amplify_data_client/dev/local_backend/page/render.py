"""Write the page as HTML."""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from graphql import GraphQLSchema

from amplify_data_client._core.schema.introspection import CustomOperation, Introspection, Model
from amplify_data_client._core.schema.naming import Names

from .contents import ClientCall, FieldRow, custom_operation, model_operations, rows, rules

_GROUPS = {"queries": "Queries", "mutations": "Mutations", "generations": "Generations"}


def page(
    introspection: Introspection, schema: GraphQLSchema, endpoint: str, env: Mapping[str, str] | None, data: object
) -> str:
    """Write the page. Without `env` it tells where to find the environment. `data` is for the scripts."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Local Data API</title>
<link rel="icon" href="/_page/icon.svg">
<link rel="stylesheet" href="/_page/page.css">
<script type="module" src="/_page/page.js"></script>
</head>
<body>
<header class="bar">
<a class="name" href="#schema">Local Data API</a>
<nav aria-label="Views"><a href="#schema">Schema</a><a href="#graphiql">GraphiQL</a><a href="#connect">Connect</a></nav>
<code class="endpoint">{escape(endpoint)}</code>
</header>
<main>
{_schema(introspection, schema)}
{_GRAPHIQL}
{_connect(env)}
</main>
<script type="application/json" id="data">{_json(data)}</script>
</body>
</html>
"""


_GRAPHIQL = """<section class="view" id="graphiql" aria-label="GraphiQL">
<form class="caller" id="caller" autocomplete="off">
<label>Ask as <select name="as"></select></label>
<label data-for="user">Username <input name="username" value="ann" size="10" spellcheck="false"></label>
<label data-for="user">Groups <input name="groups" placeholder="Admins, Editors" size="16" spellcheck="false"></label>
<label data-for="key">Key <input name="key" placeholder="da2-…" size="32" spellcheck="false"></label>
<output id="caller-said"></output>
</form>
<div id="graphiql-here"><noscript><p class="hint">GraphiQL needs JavaScript.</p></noscript></div>
</section>"""


def _json(data: object) -> str:
    return json.dumps(data).replace("<", "\\u003c")  # so that no value can end the script element


def _schema(introspection: Introspection, schema: GraphQLSchema) -> str:
    groups = {name: getattr(introspection, name) for name in _GROUPS}
    return f"""<section class="view" id="schema" aria-label="Schema">
<aside>
<input id="find" type="search" placeholder="Find…" aria-label="Find a model, a field, an operation">
{_index("Models", "model", introspection.models)}
{"".join(_index(_GROUPS[group], "operation", found) for group, found in groups.items())}
{_index("Conversations", "operation", introspection.conversations)}
{_index("Types", "type", (*introspection.non_models, *introspection.enums))}
</aside>
<div class="cards">
{"".join(_model(model, introspection, schema) for model in introspection.models.values())}
{"".join(_custom(group, list(found.values())) for group, found in groups.items())}
{_conversations(introspection)}
{"".join(_non_model(name, introspection) for name in introspection.non_models)}
{"".join(_enum(name, enum.values) for name, enum in introspection.enums.items())}
<p class="hint" id="nothing" hidden>Nothing has that name.</p>
</div>
</section>"""


def _index(title: str, kind: str, names: Iterable[str]) -> str:
    links = "".join(f'<li><a href="#{kind}.{escape(name)}">{escape(name)}</a></li>' for name in names)
    return f"<h2>{title}</h2><ul>{links}</ul>" if links else ""


def _card(kind: str, name: str, label: str, body: str) -> str:
    return f"""<article id="{kind}.{escape(name)}" data-name="{escape(name)}">
<h3>{escape(name)} <small>{label}</small></h3>
{body}</article>
"""


def _model(model: Model, introspection: Introspection, schema: GraphQLSchema) -> str:
    allowed = "".join(f"<li>{escape(text)}</li>" for text in rules(model))
    who = f'<ul class="rules">{allowed}<li>functions (IAM): everything their policy allows</li></ul>'
    return _card(
        "model",
        model.name,
        "model",
        f"{_table(rows(model.fields, introspection, model))}{_operations(model_operations(model, schema))}"
        f"<details><summary>Who may use it</summary>{who}</details>\n",
    )


def _table(found: Iterator[FieldRow]) -> str:
    lines = "".join(
        f"<tr><th scope=row>{escape(row.name)}</th><td><code>{_type(row)}</code></td>"
        f"<td>{''.join(f'<span>{escape(note)}</span>' for note in row.notes)}</td></tr>\n"
        for row in found
    )
    return f"<table>{lines}</table>\n"


def _type(row: FieldRow) -> str:
    if row.link is None:
        return escape(row.type)
    before, after = row.type.split(row.link, 1)
    return f'{escape(before)}<a href="#to.{escape(row.link)}">{escape(row.link)}</a>{escape(after)}'


def _operations(found: Iterable[ClientCall]) -> str:
    lines = "".join(
        f"<li><code>{escape(one.call)}</code> <span>{escape(one.root_field)}</span>"
        f'<button type="button" data-try="{escape(one.root_field)}" '
        f'aria-label="Try {escape(one.root_field)} in GraphiQL">Try</button></li>\n'
        for one in found
    )
    return (
        f'<ul class="operations">{lines}</ul>\n' if lines else '<p class="hint">The schema disables its operations.</p>'
    )


def _custom(group: str, found: list[CustomOperation]) -> str:
    known = Names(operation.name for operation in found)
    cards = []
    for operation in found:
        given = ", ".join(f"{name}: {field.type.graphql}" for name, field in operation.arguments.items())
        signature = f"{operation.name}({given})" if given else operation.name
        cards.append(
            _card(
                "operation",
                operation.name,
                group.removesuffix("s").replace("querie", "query"),
                f'<p class="signature"><code>{escape(signature)}: {escape(operation.type.graphql)}</code></p>'
                f"{_operations([custom_operation(operation, group, known)])}{_resolver(operation.name)}",
            )
        )
    return "".join(cards)


def _resolver(name: str) -> str:
    return (
        '<p class="hint">Answered by the Python function that a test registers: '
        f'<code>@backend.resolver("{escape(name)}")</code></p>\n'
    )


def _conversations(introspection: Introspection) -> str:
    known = Names(introspection.conversations)
    return "".join(
        _card(
            "operation",
            route.name,
            "conversation",
            f'<p class="signature"><code>client.conversations.{escape(known.python(route.name))}</code></p>'
            f"{_operations([ClientCall('conversation.send_message(…)', route.send.name)])}{_resolver(route.name)}",
        )
        for route in introspection.conversations.values()
    )


def _non_model(name: str, introspection: Introspection) -> str:
    return _card("type", name, "custom type", _table(rows(introspection.non_models[name].fields, introspection)))


def _enum(name: str, values: tuple[str, ...]) -> str:
    return _card(
        "type", name, "enum", f'<p class="values">{" ".join(f"<code>{escape(one)}</code>" for one in values)}</p>'
    )


_SNIPPET = """from amplify_data_client import generate_client

client = generate_client()"""
_ELSEWHERE = """The backend listens beyond this machine, so its keys are not on a page that anybody could open: the terminal in
which it was started shows the environment to export, and the API key that GraphiQL asks for."""


def _connect(env: Mapping[str, str] | None) -> str:
    if env is None:
        shown = f'<p class="hint">{_ELSEWHERE}</p>'
    else:
        exports = "\n".join(f"export {name}={shlex.quote(value)}" for name, value in env.items())
        shown = _copied("environment", exports)
    return f"""<section class="view" id="connect" aria-label="Connect">
<h2>The environment of a function</h2>
<p>With these variables set, a handler starts as it does in Lambda: it reads the introspection from this backend's S3, and
signs its requests, which are verified.</p>
{shown}
<h2>Then, in Python</h2>
{_copied("snippet", _SNIPPET)}
</section>"""


def _copied(name: str, text: str) -> str:
    button = f'<button type="button" data-copy="{name}">Copy</button>'
    return f'<div class="block">{button}<pre id="{name}">{escape(text)}</pre></div>'


def data(credentials: Mapping[str, Any] | None, modes: Iterable[str], region: str) -> dict[str, Any]:
    """Return the data for the scripts."""
    return {"credentials": credentials, "modes": sorted(modes), "region": region}
