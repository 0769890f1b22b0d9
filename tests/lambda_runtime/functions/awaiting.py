import asyncio

from amplify_data_client import generate_async_client

client = generate_async_client()


def handler(event, context):
    return asyncio.run(create(event["names"]))


async def create(names):
    made = await asyncio.gather(*(client.models.Todo.create(name=name) for name in names))
    return [one.data.id for one in made]
