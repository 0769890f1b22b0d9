"""The blocking client is the awaiting one after a few substitutions: code, docstrings and comments."""

import difflib
import io
import re
import tokenize
from pathlib import Path

import pytest

import amplify_data_client

PACKAGE = Path(amplify_data_client.__file__).parent

SUBSTITUTIONS = [
    (r"\basync (def|for) ", r"\1 "),
    (r"\bawait ", ""),
    (r"\baclose\b", "close"),
    (r"\b__a(enter|exit)__", r"__\1__"),
    (r"\b(run|collect)_async\b", r"\1"),
    (r"\b(generate|open)_async_", r"\1_"),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\bMake an awaiting\b", "Make a blocking"),
    (r"\bthe awaiting\b", "the blocking"),
]

# in async_client.py, in client.py, and why they differ
ALLOWED = [
    (
        "Items = Iterable[Any] | AsyncIterable[Any]",
        "Items = Iterable[Any]",
        "only an awaiting client can take items from an async generator",
    ),
    (
        "        async for record in page.iterate():\n            yield record\n",
        "        yield from page.iterate()\n",
        "Python has no `yield from` in an async generator",
    ),
    (
        "        open_sender,\n        configure",
        "        partial(open_sender, http_client),\n        configure",
        "the factory blocks, so it cannot read the configuration with an httpx.AsyncClient",
    ),
    (
        (
            "    It blocks while it fetches the configuration. In a running event loop:\n"
            "    `generate_async_client(await get_async_amplify_data_client_config())`.\n\n"
        ),
        "",
        "that a factory blocks matters in an event loop only",
    ),
    (
        (
            "Make it with `generate_async_client`; threads may share it.\n\n    A client at module level works in any "
            "number of event loops, one after the other (`asyncio.run` per invocation).\n"
        ),
        "Make it with `generate_client`; threads may share it.\n",
        "only an awaiting client has to do with event loops",
    ),
    (
        (
            "If you stop early (`aclose`, or a cancelled task), the requests under way are\n"
            "        cancelled: AppSync may have carried them out.\n"
        ),
        ("If you stop early, the requests under way are waited for, and their outcomes are\n        not told.\n"),
        "tasks can be cancelled, threads cannot",
    ),
]


def substituted(awaiting: str) -> str:
    for pattern, replacement in SUBSTITUTIONS:
        awaiting = re.sub(pattern, replacement, awaiting)
    return awaiting


def lines(text: str) -> list[str]:
    """The lines as Python sees them: where the formatter breaks a long one does not matter."""
    found, line = list[str](), list[tokenize.TokenInfo]()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            continue
        line.append(token)
        if token.type == tokenize.NEWLINE:
            found += written(line)
            line = []
    return found


def written(tokens: list[tokenize.TokenInfo]) -> list[str]:
    words = [token.string for token in tokens if token.type != tokenize.NEWLINE]
    words = [word for word, after in zip(words, [*words[1:], ""], strict=True) if word != "," or after not in ")]}"]
    indent, text = " " * tokens[0].start[1], " ".join(words)
    if text.startswith("from ") and " import " in text:
        place, _, names = text.partition(" import ")
        text = f"{place} import {', '.join(sorted(set(re.findall(r'[^(), ]+', names))))}"
    return [f"{indent}{one}" for one in text.split("\n")]


def difference(awaiting: str, blocking: str) -> str:
    for ours, theirs, _ in ALLOWED:
        assert awaiting.count(ours) == 1, f"this allowed difference is none any more: {ours!r}"
        assert theirs in blocking, f"this allowed difference is none any more: {theirs!r}"
        awaiting = awaiting.replace(ours, theirs)
    found = difflib.unified_diff(
        lines(substituted(awaiting)), lines(blocking), "async_client.py", "client.py", lineterm="", n=1
    )
    return "\n".join(found)


AWAITING, BLOCKING = ((PACKAGE / name).read_text() for name in ("async_client.py", "client.py"))


def test_the_blocking_client_is_the_awaiting_one_without_await():
    found = difference(AWAITING, BLOCKING)
    assert not found, f"write the same into both clients, or say in ALLOWED why not:\n{found}"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            "return await self._client._execute(mutations.create(",
            "return await self._client._execute(mutations.update(",
        ),
        ('"""Create an item;', '"""Make an item;'),
        ("Options of all methods: selection_set", "Options of all methods: selection set"),
        ("def batch_get(self)", "def batch_fetch(self)"),
        ("    headers: Headers | None = None,", "    headers: Headers,"),
        ("  # or every wrong attribute", "  # for every wrong attribute"),
        ("class AsyncChat:", "class AsyncTalk:"),
    ],
)
def test_a_change_of_one_client_alone_is_found(ours: str, theirs: str):
    changed = AWAITING.replace(ours, theirs, 1)
    assert changed != AWAITING
    assert difference(changed, BLOCKING)
