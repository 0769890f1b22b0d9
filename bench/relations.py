"""Counts what it costs to load a relation: requests, and items that DynamoDB examines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from amplify_data_client.dev.local_backend import LocalBackend

from . import tables
from .workshop import ROOT, Python

SCHEMA = ROOT / "tests" / "data" / "schemas" / "blog" / "model-introspection.json"
MINE, OTHERS = 25, 500


class Count:
    """What was asked of the backend, and what its store read."""

    requests = examined = 0


def loads(_pythons: list[Python], _rounds: int | None) -> str:
    """A post's comments among those of other posts. These figures are the same in every run, on every machine."""
    rows = []
    with LocalBackend(SCHEMA) as backend, _counting(backend) as count:
        _seed(backend)
        client = backend.client()
        post: Any = client.models.Post.get(id="mine").data
        only_mine = {"and": [{"postId": {"eq": "mine"}}]}
        ways: list[tuple[str, Callable[[], Any]]] = [
            ("the list that JavaScript sends", lambda: client.models.Comment.iterate(filter=only_mine)),
            ("`post.comments()`", lambda: post.comments().iterate()),
            ("that list with `limit` 10", lambda: client.models.Comment.iterate(filter=only_mine, limit=10)),
            ("`post.comments(limit=10)`", lambda: post.comments(limit=10).iterate()),
        ]
        for name, load in ways:
            count.requests = count.examined = 0
            found = len({record.id for record in load()})
            if found != MINE:
                raise SystemExit(f"{name} gives {found} of {MINE} comments")
            rows.append((name, count.requests, count.examined))
    return tables.counted(f"All {MINE} comments of a post, among {OTHERS} of others", rows)


def _seed(backend: LocalBackend) -> None:
    backend.seed({"Post": [{"id": name, "title": name, "authorId": "a"} for name in ("mine", "other")]})
    step = (MINE + OTHERS) // MINE
    posts = ("mine" if number % step == 0 else "other" for number in range(MINE + OTHERS))
    backend.seed({"Comment": [{"id": f"c{n}", "text": "x", "postId": post} for n, post in enumerate(posts)]})


@contextmanager
def _counting(backend: LocalBackend) -> Iterator[Count]:
    count, store, router = Count(), backend._models.store, backend._router
    page, get, handle = store.page, store.get, router.handle

    def counted_page(*given: Any, **more: Any) -> Any:
        found = page(*given, **more)
        count.examined += len(found.items)
        return found

    def counted_get(*given: Any) -> Any:
        found = get(*given)
        count.examined += found is not None
        return found

    def counted_handle(*given: Any) -> Any:
        count.requests += 1
        return handle(*given)

    vars(store).update(page=counted_page, get=counted_get)
    vars(router).update(handle=counted_handle)
    yield count
