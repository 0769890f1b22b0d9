"""The main job, watched: a Lambda handler on the local backend. Run it with `make demo`.

What is real here: the handler, the client, HTTP, the signatures (the backend verifies them). What stands in for AWS:
the local backend, which answers as AppSync, S3 and SSM.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from amplify_data_client.dev.local_backend import LocalBackend

HERE = Path(__file__).parent


def main() -> None:
    with LocalBackend(HERE / "todo-introspection.json") as backend, backend.serve() as url:
        print(f"1. A local backend for the Todo schema listens at {url}")
        os.environ.update(backend.env())
        print("2. The environment of a function:")
        for name in sorted(backend.env()):
            print(f"     {name}={'…' if 'SECRET' in name or 'TOKEN' in name else backend.env()[name]}")
        run_handler()
        change_and_delete()
        run_script(backend)
        refuse_a_wrong_key(backend)
    print("Done: created, listed, updated and deleted todos through signed requests.")


def run_handler() -> None:
    spec = importlib.util.spec_from_file_location("handler", HERE / "handler.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    print(f"3. The handler's client is configured from: {module.client.config.source}")
    answer = module.handler({}, None)
    print("4. The handler answers, as the Lambda runtime would encode it:")
    from awslambdaric.lambda_runtime_marshaller import to_json

    print("     " + json.dumps(json.loads(to_json(answer)), indent=2).replace("\n", "\n     "))


def change_and_delete() -> None:
    from amplify_data_client import ConditionFailedError, generate_client

    with generate_client() as client:
        [todo] = client.models.Todo.list().data
        done = client.models.Todo.update(todo, is_done=True).data
        print(f"5. Updated one field: is_done is {done.is_done}, the name is still {done.name!r}")
        try:
            client.models.Todo.delete(todo, condition={"is_done": {"eq": False}})
        except ConditionFailedError as error:
            print(f"6. A condition that does not hold raises {type(error).__name__}")
        client.models.Todo.delete(todo)
        left = client.models.Todo.list().data
        print(f"7. Deleted; {len(left)} todos are left")
        client.models.Todo.create(name="Water the plants", is_done=False)


def run_script(backend: LocalBackend) -> None:
    print("8. The local script, with an AWS profile and an amplify_outputs.json:")
    env = backend.env()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "amplify_outputs.json").write_text(json.dumps(backend.outputs()))
        credentials = Path(folder) / "credentials"
        credentials.write_text(
            f"[dev]\naws_access_key_id = {env['AWS_ACCESS_KEY_ID']}\n"
            f"aws_secret_access_key = {env['AWS_SECRET_ACCESS_KEY']}\naws_session_token = {env['AWS_SESSION_TOKEN']}\n"
        )
        clean = {name: value for name, value in os.environ.items() if name not in env}
        clean["AWS_SHARED_CREDENTIALS_FILE"] = str(credentials)
        command = [sys.executable, str(HERE / "local_script.py"), "dev"]
        printed = subprocess.run(command, cwd=folder, env=clean, check=True, capture_output=True, text=True).stdout
    print("     " + printed.strip())


def refuse_a_wrong_key(backend: LocalBackend) -> None:
    from amplify_data_client import UnauthorizedError, generate_client

    with generate_client(outputs=backend.outputs(), auth_mode="iam") as client:
        os.environ["AWS_SECRET_ACCESS_KEY"] = "not the secret"
        try:
            client.models.Todo.list()
        except UnauthorizedError as error:
            print(f"9. A wrong secret key is refused: HTTP {error.status}, {error.error_type}")
        else:
            raise SystemExit("A wrong secret key was accepted.")
        finally:
            os.environ.update(backend.env())


if __name__ == "__main__":
    main()
