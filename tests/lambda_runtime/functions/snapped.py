from amplify_data_client import generate_client

client = generate_client()
client.models.Todo.list()


def handler(event, context):
    return client.models.Todo.create(name="from a snapshot").data.id
