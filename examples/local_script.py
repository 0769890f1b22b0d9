"""Close every open todo, from a laptop: python local_script.py PROFILE, beside the app's amplify_outputs.json."""

import sys

from amplify_data_client import generate_client

with generate_client(profile=sys.argv[1]) as client:
    for todo in client.models.Todo.iterate(filter={"is_done": {"ne": True}}):
        client.models.Todo.update(todo, is_done=True)
        print(f"closed {todo.name!r}")
