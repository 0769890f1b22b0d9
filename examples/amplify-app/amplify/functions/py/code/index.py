from amplify_data_client import generate_client

client = generate_client()  # once per execution environment, outside the handler


def handler(event, context):
    created = client.models.Todo.create(name="My new todo", description="Todo description", is_done=False)
    todos = client.models.Todo.list()
    return {"id": created.data.id, "all": todos.data}
