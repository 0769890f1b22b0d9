"""Publish the layers of dist/layer: python layer/publish --region eu-central-1 [--region …] [--public] [--dry-run].

Prints the ARN of each. A layer whose latest version is the same zip is not published again, so a run that was
interrupted is repeated as it was. Only the own account may use a layer, unless it is shared.
"""

import argparse
import base64
import hashlib
import re
import sys
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layer.build import DIST
from layer.targets import MACHINES

NAMED = re.compile(rf"amplify-data-client-(python\d\.\d+)-({'|'.join(MACHINES)})((?:-no-realtime)?)")
PERMISSIONS = ("PublishLayerVersion", "ListLayerVersions", "GetLayerVersion", "AddLayerVersionPermission")


@dataclass(frozen=True)
class Layer:
    """A zip, and what Lambda has to know about it."""

    path: Path
    name: str
    runtime: str
    arch: str
    description: str


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zips", nargs="*", type=Path, metavar="ZIP", help="those in dist/layer, unless given")
    parser.add_argument("--region", action="append", help="may be repeated; the profile's, unless given")
    parser.add_argument("--profile", help="an AWS profile")
    parser.add_argument("--name", default="amplify-data-client", help="what the layers' names begin with")
    parser.add_argument("--public", action="store_true", help="let every AWS account use them")
    parser.add_argument("--principal", action="append", metavar="ACCOUNT", type=_account, help="let this account too")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done; calls nothing")
    given = parser.parse_args(arguments)
    layers = [describe(path, given.name) for path in given.zips or sorted(DIST.glob("*.zip"))]
    if not layers:
        sys.exit(f"There is no layer in {DIST}: build them with make layer, or name a zip.")
    principals = ["*"] if given.public else given.principal or []
    _each_region(given, layers, principals)


def describe(path: Path, prefix: str) -> Layer:
    """Tell from the zip what it is."""
    if not (named := NAMED.fullmatch(path.stem)):
        sys.exit(
            f"{path} is not named like a layer (amplify-data-client-python3.12-arm64.zip): build it with make layer."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        sys.exit(f"{path} cannot be read: {error}. Build it with make layer.")
    versions = {
        found[1] for name in names if (found := re.match(r"python/amplify_data_client-(.+?)\.dist-info/", name))
    }
    if len(versions) != 1:
        sys.exit(f"{path} has no python/amplify_data_client-….dist-info, so it is no layer: build it with make layer.")
    runtime, arch, kind = named.groups()
    name = f"{prefix}-{runtime.replace('.', '')}-{arch}{kind}"
    return Layer(path, name, runtime, arch, f"amplify-data-client {versions.pop()} for {runtime} on {arch}")


def publish(client: Any, layer: Layer) -> tuple[int, str, bool]:
    """Publish a version unless the latest is just this; gives its number, its ARN, and whether it is new."""
    content = layer.path.read_bytes()
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    latest = _latest(client, layer)
    if latest and latest["Content"]["CodeSha256"] == digest:
        return latest["Version"], latest["LayerVersionArn"], False
    made = client.publish_layer_version(
        LayerName=layer.name,
        Description=layer.description,
        Content={"ZipFile": content},
        CompatibleRuntimes=[layer.runtime],
        CompatibleArchitectures=[layer.arch],
        LicenseInfo="Apache-2.0",
    )
    return made["Version"], made["LayerVersionArn"], True


def _latest(client: Any, layer: Layer) -> Any:
    with suppress(client.exceptions.ResourceNotFoundException):
        for one in client.list_layer_versions(LayerName=layer.name, MaxItems=1)["LayerVersions"]:  # the newest first
            return client.get_layer_version(LayerName=layer.name, VersionNumber=one["Version"])
    return None


def share(client: Any, layer: Layer, version: int, principal: str) -> None:
    """Let an account use a version; `*` is all of them."""
    statement = "public" if principal == "*" else f"account-{principal}"
    with suppress(client.exceptions.ResourceConflictException):  # an earlier run has said so
        client.add_layer_version_permission(
            LayerName=layer.name,
            VersionNumber=version,
            StatementId=statement,
            Action="lambda:GetLayerVersion",
            Principal=principal,
        )


def _each_region(given: argparse.Namespace, layers: list[Layer], principals: list[str]) -> None:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        session = boto3.Session(profile_name=given.profile)
    except BotoCoreError as error:
        sys.exit(f"There are no credentials to publish with: {error}.")
    regions = given.region or ([session.region_name] if session.region_name else [])
    if not regions:
        sys.exit("There is no region to publish in: give --region, or a --profile that has one.")
    for region in regions:
        for layer in layers:
            try:
                print(region, _one(session, region, layer, principals, dry=given.dry_run), flush=True)
            except (BotoCoreError, ClientError) as error:
                sys.exit(f"{layer.name} was not published in {region}: {_explain(error)}")


def _one(session: Any, region: str, layer: Layer, principals: list[str], *, dry: bool) -> str:
    shared = f"  for {', '.join('all accounts' if one == '*' else one for one in principals)}" if principals else ""
    if dry:
        return f"{layer.name}: {layer.path.name} would be published{shared}"
    client = session.client("lambda", region_name=region)
    version, arn, is_new = publish(client, layer)
    for principal in principals:
        share(client, layer, version, principal)
    return f"{arn}{'' if is_new else '  (was there)'}{shared}"


def _explain(error: Exception) -> str:
    said = str(error).rstrip(".")
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    if code in {"AccessDenied", "AccessDeniedException"}:
        return f"{said}. It takes {', '.join(f'lambda:{name}' for name in PERMISSIONS)}."
    return f"{said}. What is printed above is published; the same command goes on where this one ended."


def _account(given: str) -> str:
    if not re.fullmatch(r"\d{12}", given):
        raise argparse.ArgumentTypeError(f"{given!r} is no AWS account number: give its twelve digits")
    return given
