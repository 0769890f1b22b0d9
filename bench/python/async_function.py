"""Runs the same function as `function.py`, with the awaiting client."""

import asyncio
import sys

from amplify_data_client import generate_async_client

client = generate_async_client()
TODO = {"name": "My new todo", "description": "Todo description", "is_done": False}


async def create() -> None:
    if not (await client.models.Todo.create(**TODO)).data.id:
        raise SystemExit("nothing was created")


async def main(mode: str, count: int) -> None:
    await create()
    from figures import crowd, first, numbered, say_memory, stopwatch

    first()
    if mode == "crowd":
        await crowd("warm-up", 10, 400, create)
        for workers in (1, 10, 50):
            await crowd(f"crowd of {workers}", workers, count * 2, create)
    elif mode == "many":
        with stopwatch("all at once"):
            await asyncio.gather(*(client.models.Todo.create(item) for item in numbered(TODO, count)))
        with stopwatch("async batch_create"):
            await client.models.Todo.batch_create(numbered(TODO, count))
    if mode != "cold":
        say_memory()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
