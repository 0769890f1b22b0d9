"""examples/amplify-app, synthesised as a deployment does it, and what its templates give to the functions.

In a test (the session makes each variant once, with a layer built for it; 15 s and more):

    def test_…(amplify_app):
        app = amplify_app(Variant())
        py = app.function("py")                     # .code .handler .environment .layers .memory .timeout …
        js = app.function("js")                     # the same, for what Amplify bundled with esbuild: index.mjs
        app.parameters("https://…/graphql", "a-bucket")   # what SSM holds after a deployment, by path
        app.introspection                           # the bytes of the object in S3; its key is in SSM, too

Elsewhere: synthesise(Variant(), an_empty_folder, a_layer), with tests/real_backend/node/node_modules installed.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from .templates import Origin, Stack

SAMPLE = Path(__file__).parents[2] / "examples" / "amplify-app"
NODE = Path(__file__).parent / "node"
MODULES = NODE / "node_modules"

CONNECT = "connectData(backend.data, backend.pyFunction);"
WIRINGS = {
    "connected": CONNECT,
    "both": "connectData(backend.data, backend.pyFunction, backend.jsFunction);",
    "mistaken": "connectData(backend, backend.pyFunction);",
    "permitted": "",
    # the values themselves, as one would give them without connectData
    "direct": """
const bucket = backend.data.stack.node.findChild('modelIntrospectionSchemaBucket') as import('aws-cdk-lib/aws-s3').Bucket;
const { attrGraphQlUrl } = backend.data.resources.cfnResources.cfnGraphqlApi;
backend.pyFunction.addEnvironment('AMPLIFY_DATA_DEFAULT_NAME', 'amplifyData');
backend.pyFunction.addEnvironment('AMPLIFY_DATA_GRAPHQL_ENDPOINT', attrGraphQlUrl);
backend.pyFunction.addEnvironment('AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME', bucket.bucketName);
backend.pyFunction.addEnvironment('AMPLIFY_DATA_MODEL_INTROSPECTION_SCHEMA_KEY', 'modelIntrospectionSchema.json');
""",
}


@dataclass(frozen=True)
class Variant:
    """The sample as it is, unless something is said.

    Attributes:
        group: The resource group of both functions.
        data_name: The name that `defineData` is given.
        wiring: What stands in place of the sample's connectData.
    """

    deployment: Literal["sandbox", "branch"] = "sandbox"
    group: Literal["function", "data"] = "function"
    data_name: str | None = None
    python: str = "3.12"
    arch: Literal["x86_64", "arm64"] = "x86_64"
    wiring: Literal["connected", "both", "mistaken", "permitted", "direct"] = "connected"

    @property
    def edits(self) -> list[tuple[str, str, str]]:
        """What to change in the sample: file, text, replacement."""
        py, js = "functions/py/resource.ts", "functions/js/resource.ts"
        found = [
            (py, "Runtime.PYTHON_3_12", f"Runtime.PYTHON_{self.python.replace('.', '_')}"),
            (py, "Architecture.X86_64", f"Architecture.{'X86_64' if self.arch == 'x86_64' else 'ARM_64'}"),
            ("backend.ts", CONNECT, WIRINGS[self.wiring]),
        ]
        if self.group == "data":
            found += [
                (py, "  });\n});", "  });\n}, { resourceGroupName: 'data' });"),
                (js, "name: 'js',", "name: 'js', resourceGroupName: 'data',"),
            ]
        if self.data_name:
            found.append(("data/resource.ts", "defineData({", f"defineData({{ name: '{self.data_name}',"))
        return found


@dataclass(frozen=True)
class Layer:
    """A layer version, with the zip that is its content."""

    zip: Path
    runtimes: list[str]
    architectures: list[str]


@dataclass(frozen=True)
class Function:
    """A function as its template has it; the environment with Amplify's placeholders and AMPLIFY_SSM_ENV_CONFIG.

    Attributes:
        code: The folder that is uploaded, which /var/task will be.
        memory: In MB.
        timeout: In seconds.
        group: The resource group whose stack it is in.
        statements: What its role may do, with ${…} for what only a deployment knows.
    """

    code: Path
    handler: str
    runtime: str
    architecture: str
    environment: dict[str, str]
    layers: list[Layer]
    memory: int
    timeout: int
    group: str
    statements: list[dict[str, Any]]


class App:
    """A synthesised app. Reads its templates, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.assembly = folder / "cdk.out"
        [root] = (path.name for path in self.assembly.glob("*.template.json") if ".nested." not in path.name)
        self.root = Stack(self.assembly, root)

    def function(self, name: str) -> Function:
        """Give a function of the sample: "py" or "js"."""
        stack, properties = self._only("AWS::Lambda::Function", lambda found: _friendly_name(found) == name)
        return Function(
            code=self._asset(properties["Code"]),
            handler=properties["Handler"],
            runtime=properties["Runtime"],
            architecture=properties["Architectures"][0],
            environment={key: stack.text(value) for key, value in properties["Environment"]["Variables"].items()},
            layers=[self._layer(stack.origin(layer)) for layer in properties.get("Layers", [])],
            memory=properties.get("MemorySize", 128),  # as Lambda does
            timeout=properties.get("Timeout", 3),
            group=next(name[:-8] for name, nested in self.root.nested.items() if nested is stack),
            statements=self._statements(stack.origin(properties["Role"])),
        )

    def parameters(self, endpoint: str, bucket: str) -> dict[str, str]:
        """Give what SSM holds after a deployment that made this endpoint and this bucket, by path."""
        data = self._group("data")
        known = {self.endpoint: endpoint, self.bucket: bucket}
        values = {found["Name"]: data.text(found["Value"]) for _, found in data.of_type("AWS::SSM::Parameter")}
        return {path: known.get(value, value) for path, value in values.items()}

    @cached_property
    def introspection(self) -> bytes:
        """The model introspection, as it is uploaded to S3."""
        [path] = self.assembly.glob("asset.*/modelIntrospectionSchema.json")
        return path.read_bytes()

    @cached_property
    def endpoint(self) -> str:
        """How the templates call the API's URL."""
        [(name, _)] = self._group("data").of_type("AWS::AppSync::GraphQLApi")
        return f"${{{name}.GraphQLUrl}}"

    @cached_property
    def bucket(self) -> str:
        """How the templates call the bucket of the introspection."""
        return next(
            f"${{{name}}}"
            for name, _ in self._group("data").of_type("AWS::S3::Bucket")
            if name.startswith("modelIntrospectionSchemaBucket")
        )

    def _group(self, name: str) -> Stack:
        # the stack of a group is called as the group, and eight hex digits
        return next(stack for key, stack in self.root.nested.items() if key[:-8] == name)

    def _only(self, kind: str, matches: Callable[[Any], bool]) -> tuple[Stack, Any]:
        found = [
            (stack, properties)
            for stack in self.root.all()
            for _, properties in stack.of_type(kind)
            if matches(properties)
        ]
        [only] = found
        return only

    def _statements(self, role: Origin) -> list[dict[str, Any]]:
        return [
            statement | {"Resource": [stack.text(one) for one in _listed(statement["Resource"])]}
            for stack in self.root.all()
            for _, policy in stack.of_type("AWS::IAM::Policy")
            if any(stack.origin(one)[:2] == role[:2] for one in policy["Roles"])
            for statement in policy["PolicyDocument"]["Statement"]
        ]

    def _layer(self, origin: Origin) -> Layer:
        properties = origin.stack.resources[origin.name]["Properties"]
        return Layer(
            self._asset(properties["Content"]), properties["CompatibleRuntimes"], properties["CompatibleArchitectures"]
        )

    def _asset(self, content: dict[str, Any]) -> Path:
        """Give the folder, or the zip if it was one already, that is uploaded to this place."""
        zipped = self.assembly / f"asset.{content['S3Key']}"
        return zipped if zipped.exists() else zipped.with_suffix("")


def _friendly_name(properties: Any) -> str | None:
    return next((tag["Value"] for tag in properties.get("Tags", []) if tag["Key"] == "amplify:friendly-name"), None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def synthesise(variant: Variant, folder: Path, layer: Path) -> App:
    """Copy the sample into a folder, edit it as the variant says, give it the layer's zip, and synthesise it there."""
    shutil.copytree(
        SAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules", ".amplify", "*.zip")
    )
    for file, text, replacement in variant.edits:
        path = folder / "amplify" / file
        before, after = path.read_text().split(text)
        path.write_text(before + replacement + after)
    shutil.copy(
        layer, folder / "amplify/functions/py" / f"amplify-data-client-python{variant.python}-{variant.arch}.zip"
    )
    return synthesise_project(folder, variant.deployment)


def synthesise_project(folder: Path, deployment: str = "sandbox") -> App:
    """Synthesise the Amplify project in a folder, with the packages of these tests."""
    (folder / "node_modules").symlink_to(MODULES)
    (folder / "package-lock.json").write_text("{}")  # the bundler wants one, not its content
    run_in(folder, "tsx", str(NODE / "app.mjs"), deployment)
    return App(folder)


def run_in(folder: Path, program: str, *arguments: str) -> str:
    """Run a program of the Node packages in a project's folder; gives what it prints."""
    environment = os.environ | {"CDK_OUTDIR": str(folder / "cdk.out"), "NO_COLOR": "1"}
    command = [str(MODULES / ".bin" / program), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
