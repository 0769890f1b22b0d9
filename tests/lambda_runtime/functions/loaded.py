import os
import sys

from amplify_data_client import generate_client

client = generate_client()
calls = []


def handler(event, context):
    calls.append(client.models.Todo.create(name=f"call {len(calls) + 1}").data.id)
    files = [module.__file__ for module in sys.modules.values() if getattr(module, "__file__", None)]
    return {
        "process": os.getpid(),
        "calls": calls,
        "request": context.aws_request_id,
        "modules": sorted({name.partition(".")[0] for name in sys.modules}),
        "files": files,
    }
