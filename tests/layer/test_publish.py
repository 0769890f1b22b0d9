"""Publishing, against moto."""

import json
import zipfile
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from layer import publish

pytestmark = pytest.mark.one_python

ACCOUNT = "123456789012"


@pytest.fixture
def layers(tmp_path: Path) -> list[Path]:
    return [made(tmp_path, f"amplify-data-client-python3.{minor}-arm64") for minor in (12, 13)]


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield


def made(folder: Path, name: str, text: str = "") -> Path:
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("python/amplify_data_client/__init__.py", text)
        archive.writestr("python/amplify_data_client-0.1.0.dist-info/METADATA", "")
    return path


def run(layers: list[Path], *options: str) -> None:
    publish.main([*map(str, layers), *options])


def there(region: str, name: str = "amplify-data-client-python312-arm64") -> list[dict[str, Any]]:
    client: Any = boto3.client("lambda", region_name=region)
    return client.list_layer_versions(LayerName=name)["LayerVersions"]


def policy(region: str, version: int = 1, name: str = "amplify-data-client-python312-arm64") -> list[dict[str, Any]]:
    client: Any = boto3.client("lambda", region_name=region)
    return json.loads(client.get_layer_version_policy(LayerName=name, VersionNumber=version)["Policy"])["Statement"]


def test_publishes_each_layer_in_each_region_and_prints_its_arn(layers: list[Path], capsys: Any):
    run(layers, "--region", "eu-central-1", "--region", "us-east-1")
    arns = [f"amplify-data-client-python3{minor}-arm64:1" for minor in (12, 13)]
    assert capsys.readouterr().out.splitlines() == [
        f"{region} arn:aws:lambda:{region}:{ACCOUNT}:layer:{arn}"
        for region in ("eu-central-1", "us-east-1")
        for arn in arns
    ]
    [version] = there("us-east-1")
    assert version["CompatibleRuntimes"] == ["python3.12"]
    assert version["CompatibleArchitectures"] == ["arm64"]
    assert version["Description"] == "amplify-data-client 0.1.0 for python3.12 on arm64"
    assert version["LicenseInfo"] == "Apache-2.0"


def test_is_private_unless_told_otherwise(layers: list[Path]):
    run(layers, "--region", "eu-central-1")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        policy("eu-central-1")


def test_may_be_shared_with_accounts(layers: list[Path]):
    run(layers, "--region", "eu-central-1", "--principal", "210987654321", "--principal", "111122223333")
    assert {(one["Action"], one["Principal"]) for one in policy("eu-central-1")} == {
        ("lambda:GetLayerVersion", account) for account in ("210987654321", "111122223333")
    }


def test_may_be_shared_with_everybody(layers: list[Path], capsys: Any):
    run(layers, "--region", "eu-central-1", "--public")
    [statement] = policy("eu-central-1")
    assert (statement["Sid"], statement["Principal"]) == ("public", "*")
    assert "for all accounts" in capsys.readouterr().out


def test_a_second_run_publishes_what_has_changed_and_nothing_else(layers: list[Path], tmp_path: Path, capsys: Any):
    run(layers, "--region", "eu-central-1")
    made(tmp_path, "amplify-data-client-python3.13-arm64", "# newer")
    capsys.readouterr()
    run(layers, "--region", "eu-central-1", "--public")
    same, newer = capsys.readouterr().out.splitlines()
    assert "python312-arm64:1  (was there)" in same
    assert "python313-arm64:2  for all" in newer
    assert [one["Sid"] for one in policy("eu-central-1")] == ["public"]  # shared all the same


def test_a_run_repeated_as_it_was_changes_nothing(layers: list[Path]):
    for _ in range(2):
        run(layers, "--region", "eu-central-1", "--public")
    assert len(there("eu-central-1")) == 1


def test_what_was_shared_before_stays_so(layers: list[Path]):
    client: Any = boto3.client("lambda", region_name="eu-central-1")
    layer = publish.describe(layers[0], "amplify-data-client")
    with Stubber(client) as scripted:  # moto takes a second statement of the same name; Lambda does not
        scripted.add_client_error("add_layer_version_permission", "ResourceConflictException")
        publish.share(client, layer, 1, "*")
        scripted.add_client_error("add_layer_version_permission", "PolicyLengthExceededException")
        with pytest.raises(ClientError, match="PolicyLengthExceeded"):
            publish.share(client, layer, 1, "*")


def test_a_dry_run_says_what_it_would_do_and_does_not(layers: list[Path], capsys: Any):
    run(layers, "--region", "eu-central-1", "--public", "--name", "my-layers", "--dry-run")
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("eu-central-1 my-layers-python312-arm64: ")
    assert first.endswith("amplify-data-client-python3.12-arm64.zip would be published  for all accounts")
    assert there("eu-central-1", "my-layers-python312-arm64") == []


def test_layers_without_realtime_have_a_name_of_their_own(tmp_path: Path):
    run([made(tmp_path, "amplify-data-client-python3.12-arm64-no-realtime")], "--region", "eu-central-1")
    assert len(there("eu-central-1", "amplify-data-client-python312-arm64-no-realtime")) == 1


def test_a_refusal_names_the_layer_the_region_and_what_it_takes(layers: list[Path], monkeypatch: pytest.MonkeyPatch):
    refusal = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "PublishLayerVersion")

    def refuse(client: Any, layer: publish.Layer) -> None:
        raise refusal

    monkeypatch.setattr(publish, "publish", refuse)
    with pytest.raises(
        SystemExit, match=r"python312-arm64 was not published in eu-central-1: .*lambda:AddLayerVersion"
    ):
        run(layers, "--region", "eu-central-1")


def test_an_interrupted_run_says_how_to_go_on(layers: list[Path], monkeypatch: pytest.MonkeyPatch):
    real = publish.publish

    def throttle(client: Any, layer: publish.Layer) -> Any:
        if layer.runtime == "python3.13":
            raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "slow"}}, "PublishLayerVersion")
        return real(client, layer)

    monkeypatch.setattr(publish, "publish", throttle)
    with pytest.raises(SystemExit, match=r"python313-arm64 was not published(?s:.*)the same command goes on"):
        run(layers, "--region", "eu-central-1")
    assert len(there("eu-central-1")) == 1


def test_without_credentials_it_says_so(layers: list[Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(SystemExit, match="Unable to locate credentials"):
        run(layers, "--region", "eu-central-1")
    with pytest.raises(SystemExit, match=r"no credentials to publish with: .*\(nobody\)"):
        run(layers, "--profile", "nobody")


def test_without_a_region_it_asks_for_one(layers: list[Path]):
    with pytest.raises(SystemExit, match="give --region"):
        run(layers)


def test_what_is_no_layer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "other.zip").write_bytes(b"")
    (broken := tmp_path / "amplify-data-client-python3.12-arm64.zip").write_bytes(b"meow")
    zipfile.ZipFile(empty := tmp_path / "amplify-data-client-python3.13-arm64.zip", "w").close()
    for path, said in [(tmp_path / "other.zip", "not named like"), (broken, "cannot be read"), (empty, "is no layer")]:
        with pytest.raises(SystemExit, match=said):
            run([path], "--region", "eu-central-1")
    monkeypatch.setattr(publish, "DIST", tmp_path / "nowhere")
    with pytest.raises(SystemExit, match="build them with make layer"):
        run([], "--region", "eu-central-1")


def test_an_account_has_twelve_digits(layers: list[Path], capsys: Any):
    with pytest.raises(SystemExit):
        run(layers, "--principal", "12345")
    assert "give its twelve digits" in capsys.readouterr().err
