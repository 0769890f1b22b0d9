from amplify_data_client import CallTimeoutError, generate_client

client = generate_client()


def handler(event, context):
    todos = client.with_options(deadline=context).models.Todo
    try:
        return {"created": todos.create(name="in time").data}
    except CallTimeoutError as error:
        return {"created": None, "may_exist": error.may_have_executed, "said": str(error)}
