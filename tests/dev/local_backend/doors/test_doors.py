"""The ways into a backend: the environment, S3, SSM, transports, the server, clients."""

import asyncio
import json
import threading
import xml.etree.ElementTree as ET

import boto3
import botocore.exceptions
import httpx
import pytest
from botocore.config import Config

from amplify_data_client import UnauthorizedError, generate_async_client, generate_client
from amplify_data_client.dev.local_backend import LocalBackend
from tests.dev.local_backend.asking import Api, introspection


def boto(service: str, url: str, env: dict[str, str], **changes: str):
    keys = {
        "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": env["AWS_SESSION_TOKEN"],
    }
    config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", config=config, **(keys | changes))


def test_a_function_starts_from_the_environment_over_http(todo: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    with todo.backend.serve() as url:
        for name, value in todo.backend.env().items():
            monkeypatch.setenv(name, value)
        with generate_client() as client:
            created = client.models.Todo.create(name="x", is_done=False).data
            assert client.models.Todo.list().data == [created]
            assert client.config.endpoint == f"{url}/graphql"


def test_a_function_starts_from_placeholders_and_ssm(todo: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    with todo.backend.serve():
        env = todo.backend.env(ssm=True)
        assert env["AMPLIFY_DATA_GRAPHQL_ENDPOINT"] == "<value will be resolved during runtime>"
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        with generate_client() as client:
            assert client.models.Todo.list().data == []


def test_a_function_starts_from_the_environment_without_a_socket(todo: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in todo.backend.env().items():
        monkeypatch.setenv(name, value)
    with httpx.Client(transport=todo.backend.transport()) as http_client:
        assert generate_client(http_client=http_client).models.Todo.create(name="x").data.name == "x"


async def test_async_clients_share_the_transport(todo: Api) -> None:
    async with httpx.AsyncClient(transport=todo.backend.async_transport()) as http_client:
        client = generate_async_client(todo.backend.config(), auth_mode="api_key", http_client=http_client)
        created = await asyncio.gather(*(client.models.Todo.create(name=str(n)) for n in range(20)))
    assert {result.data.name for result in created} == {str(n) for n in range(20)}
    assert len(todo.backend.items("Todo")) == 20


def test_a_name_of_its_own_makes_its_own_variables() -> None:
    with LocalBackend(introspection("todo"), name="myOtherData2") as backend:
        env = backend.env()
    assert env["AMPLIFY_DATA_DEFAULT_NAME"] == "myOtherData2"
    assert "MY_OTHER_DATA_2_GRAPHQL_ENDPOINT" in env


def test_clients_need_no_environment(todo: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    client = todo.backend.client()
    client.models.Todo.create(name="x")

    async def names() -> list[str]:
        return [record.name for record in (await todo.backend.async_client().models.Todo.list()).data]

    assert asyncio.run(names()) == ["x"]


def test_clients_take_other_credentials(todo: Api) -> None:
    client = todo.backend.client(auth_mode="api_key")
    assert client.models.Todo.list().data == []
    with pytest.raises(UnauthorizedError, match="not authorized to make this call"):
        client.models.Todo.list(api_key="wrong")


def test_a_client_with_the_outputs_uses_the_api_key(todo: Api) -> None:
    with todo.backend.serve(), generate_client(outputs=todo.backend.outputs()) as client:
        assert client.models.Todo.list().data == []


def test_a_backend_is_made_from_an_outputs_file_or_an_introspection_file(todo: Api, tmp_path) -> None:
    for name, content in (("outputs.json", todo.backend.outputs()), ("introspection.json", introspection("todo"))):
        path = tmp_path / name
        path.write_text(json.dumps(content))
        with LocalBackend(path) as backend:
            assert list(backend.introspection.models) == ["Todo"]


def test_boto3_reads_the_introspection(todo: Api) -> None:
    with todo.backend.serve() as url:
        env = todo.backend.env()
        bucket, key = (env[f"AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_{part}"] for part in ("BUCKET_NAME", "KEY"))
        s3 = boto("s3", url, env)
        assert json.load(s3.get_object(Bucket=bucket, Key=key)["Body"]) == introspection("todo")
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            s3.get_object(Bucket=bucket, Key="é/other key")
        assert refused.value.response["Error"]["Code"] == "NoSuchKey"
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            s3.get_object(Bucket="other", Key=key)
        assert refused.value.response["Error"]["Code"] == "NoSuchBucket"
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            boto("s3", url, env, aws_secret_access_key="wrong").get_object(Bucket=bucket, Key=key)
        assert refused.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


def test_boto3_reads_parameters(todo: Api) -> None:
    with todo.backend.serve() as url:
        env = todo.backend.env(ssm=True)
        paths = [entry["path"] for entry in json.loads(env["AMPLIFY_SSM_ENV_CONFIG"]).values()]
        ssm = boto("ssm", url, env)
        todo.backend.parameters["/of/mine"] = "x"
        found = ssm.get_parameters(Names=[*paths, "/of/mine", "/none"], WithDecryption=True)
        assert {parameter["Value"] for parameter in found["Parameters"]} >= {f"{url}/graphql", "amplifyData", "x"}
        assert found["InvalidParameters"] == ["/none"]
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            ssm.get_parameters(Names=[f"/{n}" for n in range(11)])
        assert refused.value.response["Error"]["Code"] == "ValidationException"
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            ssm.get_parameter(Name="/none")
        assert refused.value.response["Error"]["Code"] == "UnknownOperationException"
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            boto("ssm", url, env, aws_session_token="stale").get_parameters(Names=["/x"])
        assert refused.value.response["Error"]["Code"] == "UnrecognizedClientException"


def test_an_unsigned_read_of_the_bucket_is_denied_in_xml(todo: Api) -> None:
    reply = todo.backend.handle("GET", "/bucket/key", {})
    assert reply.status == 403
    assert ET.fromstring(reply.body).findtext("Code") == "AccessDenied"


def test_it_listens_on_loopback_unless_told_otherwise(todo: Api) -> None:
    with todo.backend.serve() as url:
        assert url.startswith("http://127.0.0.1:")
    with todo.backend.serve(host="::1") as url:
        assert url.startswith("http://[::1]:")
        assert httpx.get(f"{url}/graphql").status_code == 405


def test_it_can_be_served_again_and_leaves_no_thread_behind(todo: Api) -> None:
    before = threading.active_count()
    urls = set()
    for _ in range(2):
        with todo.backend.serve() as url:
            urls.add(url)
            assert httpx.post(f"{url}/graphql").status_code == 401
    assert todo.backend.url == "http://local-backend.invalid"
    assert not [thread for thread in threading.enumerate() if thread.name == "local-backend"]
    assert threading.active_count() <= before + 40  # starlette's pool of worker threads stays for reuse


def test_a_port_that_is_taken_is_said_so(todo: Api) -> None:
    with (
        todo.backend.serve() as url,
        pytest.raises(OSError, match="in use"),
        todo.backend.serve(port=int(url.rpartition(":")[2])),
    ):
        pass


def test_seed_items_and_empty(todo: Api) -> None:
    todo.backend.seed({"Todo": [{"name": "x"}, {"id": "1", "createdAt": "2020-01-01T00:00:00.000Z"}]})
    items = {item.get("name"): item for item in todo.backend.items("Todo")}
    assert items["x"]["id"]
    assert items[None]["createdAt"] == "2020-01-01T00:00:00.000Z"
    assert "__typename" not in items["x"]
    todo.backend.empty()
    assert todo.backend.items("Todo") == []


def test_seeds_take_names_in_both_spellings_and_what_items_gave(sample: Api) -> None:
    sample.backend.seed({"Todo": [{"id": "1", "is_done": True, "content": "x", "status": "OPEN", "priority": "low"}]})
    [item] = sample.backend.items("Todo")
    assert item["isDone"] is True
    sample.backend.empty()
    sample.backend.seed({"Todo": [item]})
    assert sample.backend.items("Todo") == [item]


def test_seeds_without_a_key_or_with_a_misspelt_field_are_refused(identifiers: Api, todo: Api) -> None:
    with pytest.raises(ValueError, match="An item of Seat has no row, number, which is its key"):
        identifiers.backend.seed({"Seat": [{"venueId": "1"}]})
    with pytest.raises(LookupError, match=r"Todo has no field 'nmae'\. Did you mean 'name'\?"):
        todo.backend.seed({"Todo": [{"name": "x"}, {"nmae": "x"}]})
    assert todo.backend.items("Todo") == []


@pytest.mark.parametrize("use", [lambda b: b.seed({"Toodo": []}), lambda b: b.items("Toodo")], ids=["seed", "items"])
def test_an_unknown_model_is_refused(todo: Api, use) -> None:
    with pytest.raises(LookupError, match="no model 'Toodo'; it has Todo"):
        use(todo.backend)


def test_unknown_modes_and_models_of_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="modes has 'userPool'; known are"):
        LocalBackend(introspection("todo"), modes=["userPool"])
    with pytest.raises(LookupError, match="no model 'Note'"):
        LocalBackend(introspection("todo"), field_rules={"Note": {}})
