"""docs/lambda.md leads from an empty Amplify project to the sample: its commands run, its files are put where it says."""

import json
import os
import platform
import re
import shutil
import subprocess

import pytest

from amplify_data_client.dev.local_backend import LocalBackend
from layer.targets import ROOT, Target
from tests.lambda_runtime import managed

from .app import SAMPLE, App, Variant, run_in, synthesise_project
from .test_lambda import creates_and_lists

PAGE = (ROOT / "docs" / "lambda.md").read_text()
WALK = PAGE.partition("## From nothing to a working function")[2].partition("\n## ")[0]
STEPS = re.split(r"^\*\*\d\. ", WALK, flags=re.MULTILINE)[1:]
FILES = dict(re.findall(r"`(amplify/\S+)`[^`]*\n\n```\w+\n(.*?)^```", WALK, re.MULTILINE | re.DOTALL))
[ON_THE_LAYERS_PAGE] = re.findall(
    r"^```ts\n(.*?)^```", (ROOT / "docs" / "layer.md").read_text(), re.MULTILINE | re.DOTALL
)
# what `npm create amplify` makes (create-amplify 1.3.1), comments left out
CREATED = {
    "amplify/package.json": (SAMPLE / "amplify/package.json").read_text(),
    "amplify/tsconfig.json": (SAMPLE / "amplify/tsconfig.json").read_text(),
    "amplify/backend.ts": """
        import { defineBackend } from '@aws-amplify/backend';
        import { auth } from './auth/resource';
        import { data } from './data/resource';

        defineBackend({
          auth,
          data,
        });
    """,
    "amplify/auth/resource.ts": """
        import { defineAuth } from '@aws-amplify/backend';

        export const auth = defineAuth({
          loginWith: {
            email: true,
          },
        });
    """,
    "amplify/data/resource.ts": """
        import { type ClientSchema, a, defineData } from '@aws-amplify/backend';

        const schema = a.schema({
          Todo: a
            .model({
              content: a.string(),
            })
            .authorization((allow) => [allow.guest()]),
        });

        export type Schema = ClientSchema<typeof schema>;

        export const data = defineData({
          schema,
          authorizationModes: {
            defaultAuthorizationMode: 'identityPool',
          },
        });
    """,
}


def commands(text):
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def run(script, folder):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=clean | {"CLONE": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def created(folder):
    for name, text in CREATED.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture(scope="module")
def walked(tmp_path_factory) -> App:
    """The app that the page leads to."""
    folder = tmp_path_factory.mktemp("my-app")
    created(folder)
    [prepare] = commands(STEPS[1])
    run(prepare, folder)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return synthesise_project(folder)


def test_the_page_leads_to_the_python_function_of_the_sample(walked, amplify_app):
    sample, found = amplify_app(Variant()), walked.function("py")
    assert vars(found) | {"code": 0, "layers": 0} == vars(sample.function("py")) | {"code": 0, "layers": 0}
    assert [path.name for path in found.code.iterdir()] == ["index.py"]
    [layer] = found.layers
    assert layer.zip.read_bytes() == sample.function("py").layers[0].zip.read_bytes()
    assert walked.root.cycles() == []
    assert walked.introspection == sample.introspection


def test_the_types_of_its_files_fit(walked):
    run_in(walked.folder, "tsc", "-p", "amplify", "--noEmit")


def test_its_files_are_the_samples_without_the_javascript_function():
    for name, text in FILES.items():
        without = re.sub(
            r"import \{ jsFunction \}.*\n|, jsFunction\b|, allow\.resource\(jsFunction\)",
            "",
            (SAMPLE / name).read_text(),
        )
        assert text == without, name
    assert len(FILES) == 4


def test_the_samples_readme_has_the_same_commands():
    [readme] = commands((SAMPLE / "README.md").read_text())
    there = {line for script in commands(WALK) for line in script.splitlines()}
    assert set(readme.replace("../..", '"$CLONE"').splitlines()) - there == {"npm install"}


# what step 5 starts: ampx, which writes the outputs of the templates into a file, and the AWS CLI
NPX = """#!/bin/sh
[ "$*" = "ampx sandbox --once" ] && echo "$OUTPUTS" > amplify_outputs.json
"""
AWS = """#!/bin/sh
printf '%s|' "$@" > "$5"
"""


def test_its_last_step_calls_the_function_that_the_outputs_name(walked, tmp_path, monkeypatch):
    [deploy] = commands(STEPS[4])
    for name, program in {"npx": NPX, "aws": AWS}.items():
        (tmp_path / name).write_text(program)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    outputs = walked.root.text(walked.root.outputs["customOutputs"]["Value"])
    monkeypatch.setenv("OUTPUTS", outputs)
    run(deploy, tmp_path)
    name = json.loads(outputs)["custom"]["pyFunctionName"]
    assert re.fullmatch(r"\$\{py[0-9A-F]{8}\}", name)
    assert (tmp_path / "answer.json").read_text() == f"lambda|invoke|--function-name|{name}|answer.json|"


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    """The function's code with the library in it."""
    folder = tmp_path_factory.mktemp("bundled")
    text = PAGE.partition("**Layer or bundled.**")[2].partition("\n**")[0]
    code = folder / "amplify/functions/py/code"
    code.mkdir(parents=True)
    (code / "index.py").write_text(FILES["amplify/functions/py/code/index.py"])
    [install], [remove] = commands(text), re.findall(r"`(rm -r [^`]*)`", text)
    run(install, folder)
    run(remove, folder)
    return code


def test_the_library_can_be_bundled(bundled):
    [compiled] = (bundled / "pydantic_core").glob("*.so")
    assert compiled.name == "_pydantic_core.cpython-312-x86_64-linux-gnu.so"
    assert not (bundled / "botocore").exists()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the page's command is for x86_64")
def test_what_is_bundled_needs_no_layer(bundled, tmp_path):
    target = Target("3.12", "x86_64")
    runtime = managed.install(target, managed.CLIENT, managed.BOTO3)
    with LocalBackend(SAMPLE.parent / "todo-introspection.json") as backend, backend.serve():
        deployed = managed.deployment(
            target, bundled, "index.handler", backend.env(ssm=True), opt=tmp_path / "none", runtime=runtime
        )
        creates_and_lists(deployed, backend)


def with_resource(folder, resource):
    """The page's project, with another resource.ts of its function."""
    created(folder)
    (folder / "amplify/functions/py/code").mkdir(parents=True)
    for name, text in (FILES | {"amplify/functions/py/resource.ts": resource}).items():
        (folder / name).write_text(text)
    shutil.copy(SAMPLE / "amplify/connect-data.ts", folder / "amplify")


def test_the_function_of_the_layers_page_fits_into_the_project(tmp_path, built_layer):
    with_resource(tmp_path, ON_THE_LAYERS_PAGE)
    layer = built_layer("3.12", "arm64")
    shutil.copy(layer, tmp_path / "amplify/functions/py")
    function = synthesise_project(tmp_path).function("py")
    run_in(tmp_path, "tsc", "-p", "amplify", "--noEmit")
    assert (function.runtime, function.architecture) == ("python3.12", "arm64")
    assert [one.zip.read_bytes() for one in function.layers] == [layer.read_bytes()]


def test_a_published_layer_is_taken_by_its_arn(tmp_path):
    arn = "arn:aws:lambda:eu-central-1:123456789012:layer:amplify-data-client-python312-arm64:1"
    [published] = re.findall(r"// a published one: (.*)$", ON_THE_LAYERS_PAGE, re.MULTILINE)
    published = published.replace("arn:aws:lambda:…", arn)
    resource, made = re.subn(r"new LayerVersion\(.*?\n  \}\)", published, ON_THE_LAYERS_PAGE, flags=re.DOTALL)
    assert made == 1
    with_resource(tmp_path, resource)
    root = synthesise_project(tmp_path).root
    [stack] = (nested for name, nested in root.nested.items() if name.startswith("function"))
    [(_, function)] = stack.of_type("AWS::Lambda::Function")
    assert function["Layers"] == [arn]
