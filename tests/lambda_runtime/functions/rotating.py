import os

from amplify_data_client import generate_client

client = generate_client()


def handler(event, context):
    os.environ.update(event)
    return client.models.Todo.create(name="signed").data.id
