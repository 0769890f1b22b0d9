from amplify_data_client import generate_client

client = generate_client()


def handler(event, context):
    todos = client.models.Todo
    created = todos.create(name="ein Tödchen", is_done=False)
    page = todos.list(limit=1)
    return {
        "record": created.data,
        "result": created,
        "page": page,
        "records": page.data,
        "nothing": todos.get(id="no such"),
        "moment": created.data.created_at,
        "partial": todos.get(id=created.data.id, selection_set=["name"]),
        "batch": todos.batch_create([{"name": "one"}]),
        "refused": client.with_options(raise_errors=False).models.Todo.update(id="no such", name="x"),
    }[event]
