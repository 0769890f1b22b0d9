"""Runs the handler of the documentation: its first create, and then what the argument asks to measure."""

import sys

from amplify_data_client import generate_client

client = generate_client()
TODO = {"name": "My new todo", "description": "Todo description", "is_done": False}


def create() -> None:
    if not client.models.Todo.create(**TODO).data.id:
        raise SystemExit("nothing was created")


create()

from figures import first, numbered, say_memory, sequence, stopwatch  # noqa: E402  # not a part of the cold start

first()


def list_of(limit: int) -> None:
    found = len(client.models.Todo.list(limit=limit).data)
    if found != limit:
        raise SystemExit(f"{found} of {limit}")


mode, count = sys.argv[1], int(sys.argv[2])
if mode == "warm":
    sequence("warm-up", 200, create)
    sequence("create", count, create)
    sequence("list 100", count // 4, lambda: list_of(100))
    sequence("list 1000", count // 20, lambda: list_of(1000))
elif mode == "creates":
    for _ in range(count):
        create()
elif mode == "many":
    with stopwatch("one after the other"):
        for item in numbered(TODO, count):
            client.models.Todo.create(item)
    with stopwatch("batch_create"):
        client.models.Todo.batch_create(numbered(TODO, count))
if mode not in ("cold", "creates"):
    say_memory()
