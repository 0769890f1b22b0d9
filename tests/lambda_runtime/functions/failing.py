from amplify_data_client import generate_client

client = generate_client()


def handler(event, context):
    if "values" in event:
        return client.models.Todo.create(event["values"])
    return client.models.Todo.update(id=event["id"], name="x")
