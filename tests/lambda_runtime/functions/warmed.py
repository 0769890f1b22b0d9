import asyncio

from snapshot_restore_py import register_before_snapshot

from amplify_data_client import generate_async_client, generate_client


@register_before_snapshot
def warm():
    """Registered before the client is made, so the runtime calls it after the client's own hook."""
    client.models.Todo.list()


client = generate_client()
loop = asyncio.new_event_loop()
awaiting = generate_async_client(client.config)
loop.run_until_complete(awaiting.models.Todo.list())


def handler(event, context):
    found = loop.run_until_complete(awaiting.models.Todo.list())
    return {"id": client.models.Todo.create(name="from a snapshot").data.id, "before": len(found.data)}
