"""The sample app's templates give its Python function what the library needs, whatever the app is called and split into."""

import json
import re
from itertools import product

import pytest

from amplify_data_client.config.environment import PLACEHOLDER, SSM_CONFIG
from amplify_data_client.config.prefix import variable_prefix

from .app import MODULES, SAMPLE, Variant, run_in

VARIANTS = [Variant(*found) for found in product(("sandbox", "branch"), ("function", "data"), (None, "myApi"))]
SUFFIXES = ("GRAPHQL_ENDPOINT", "MODEL_INTROSPECTION_SCHEMA_BUCKET_NAME", "MODEL_INTROSPECTION_SCHEMA_KEY")


@pytest.fixture(params=VARIANTS, ids=lambda variant: "-".join(filter(None, [*vars(variant).values()][:3])))
def variant(request):
    return request.param


def names(variant):
    prefix = variable_prefix(f"amplifyData{variant.data_name}" if variant.data_name else "amplifyData")
    return {"AMPLIFY_DATA_DEFAULT_NAME", *(f"{prefix}_{suffix}" for suffix in SUFFIXES)}


def paths(function):
    return {name: entry["path"] for name, entry in json.loads(function.environment[SSM_CONFIG]).items()}


def resources(function, action):
    found = [one["Resource"] for one in function.statements if one["Action"] == action and one["Effect"] == "Allow"]
    return [resource for resources in found for resource in resources]


def test_the_python_function_is_told_where_ssm_has_its_variables(amplify_app, variant):
    app = amplify_app(variant)
    function = app.function("py")
    assert function.group == variant.group
    assert function.environment == {
        "LOG_LEVEL": "INFO",
        SSM_CONFIG: function.environment[SSM_CONFIG],
        **dict.fromkeys(names(variant), PLACEHOLDER),
    }
    entries = json.loads(function.environment[SSM_CONFIG])
    assert entries.keys() == names(variant)
    stored = app.parameters("https://the.api/graphql", "the-bucket")
    values = {name: stored[entry["path"]] for name, entry in entries.items()}
    assert {name: stored[entry["sharedPath"]] for name, entry in entries.items()} == values
    default = values.pop("AMPLIFY_DATA_DEFAULT_NAME")
    assert default == ("amplifyDatamyApi" if variant.data_name else "amplifyData")
    assert values == {
        f"{variable_prefix(default)}_{suffix}": value
        for suffix, value in zip(
            SUFFIXES, ("https://the.api/graphql", "the-bucket", "modelIntrospectionSchema.json"), strict=True
        )
    }


@pytest.mark.parametrize("name", ["py", "js"])
def test_a_function_may_call_the_api_read_the_introspection_and_its_parameters_and_no_more(amplify_app, variant, name):
    app = amplify_app(variant)
    function = app.function(name)
    api, bucket = app.endpoint.replace("GraphQLUrl", "Arn"), app.bucket.replace("}", ".Arn}")
    assert resources(function, "appsync:GraphQL") == [
        f"{api}/types/{kind}/*" for kind in ("Query", "Mutation", "Subscription")
    ]
    assert resources(function, "s3:GetObject") == [f"{bucket}/modelIntrospectionSchema.json"]
    readable = resources(function, "ssm:GetParameters")
    arn = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter"
    assert {f"{arn}{path}" for path in paths(function).values()} == set(readable)
    assert len(function.statements) == 3


def test_no_stack_needs_one_that_needs_it(amplify_app, variant):
    assert amplify_app(variant).root.cycles() == []


@pytest.mark.parametrize(
    ("variant", "place"),
    [
        (Variant("sandbox"), r"sampleapp/me-sandbox-[0-9a-f]{10}"),
        (Variant("branch"), r"d1a2b3c4e5f6g7/main-branch-[0-9a-f]{10}"),
    ],
    ids=["sandbox", "branch"],
)
def test_the_paths_are_of_the_deployment(amplify_app, variant, place):
    for name, path in paths(amplify_app(variant).function("py")).items():
        assert re.fullmatch(rf"/amplify/resource_reference/{place}/{name}", path)


@pytest.mark.parametrize("variant", [Variant(), Variant(python="3.14", arch="arm64")], ids=["as it is", "arm64"])
def test_the_layer_is_the_zip_that_was_built_for_the_functions_runtime(amplify_app, built_layer, variant):
    function = amplify_app(variant).function("py")
    assert (function.runtime, function.architecture) == (f"python{variant.python}", variant.arch)
    [layer] = function.layers
    assert layer.zip.read_bytes() == built_layer(variant.python, variant.arch).read_bytes()
    assert (layer.runtimes, layer.architectures) == ([function.runtime], [function.architecture])


def test_the_code_is_the_handler_of_the_readme(amplify_app):
    py, js = amplify_app(Variant()).function("py"), amplify_app(Variant()).function("js")
    assert [path.name for path in py.code.iterdir()] == ["index.py"]
    assert (py.code / "index.py").read_text() == (SAMPLE.parent / "handler.py").read_text()
    assert sorted(path.name for path in js.code.iterdir()) == ["index.mjs", "index.mjs.map"]
    assert (py.handler, js.handler) == ("index.handler", "index.handler")
    assert (py.memory, py.timeout) == (js.memory, js.timeout)


def test_allow_resource_alone_gives_permissions_but_no_variables(amplify_app):
    function = amplify_app(Variant(wiring="permitted")).function("py")
    assert function.environment == {"LOG_LEVEL": "INFO", SSM_CONFIG: "{}"}
    assert resources(function, "appsync:GraphQL") and resources(function, "s3:GetObject")
    assert resources(function, "ssm:GetParameters") == []


def test_several_functions_can_be_connected_and_node_js_ones_bear_it(amplify_app):
    app = amplify_app(Variant(wiring="both"))
    py, js = app.function("py"), app.function("js")
    assert paths(py) == paths(js)
    assert py.statements == js.statements
    assert app.root.cycles() == []


def test_connecting_to_something_else_than_data_is_refused(amplify_app):
    with pytest.raises(RuntimeError, match=r"connectData found 0 of the 4 parameters.*give it backend\.data"):
        amplify_app(Variant(wiring="mistaken"))


def test_the_values_themselves_would_make_the_stacks_need_each_other(amplify_app):
    [cycle] = amplify_app(Variant(wiring="direct")).root.cycles()
    assert re.sub(r"[0-9A-F]{8}", "", cycle) in ("function -> data -> function", "data -> function -> data")
    assert amplify_app(Variant(group="data", wiring="direct")).root.cycles() == []


def test_the_types_fit(amplify_app):
    run_in(amplify_app(Variant()).folder, "tsc", "-p", "amplify", "--noEmit")


WANTED = json.loads((SAMPLE / "package.json").read_text())
PACKAGES = {**WANTED["dependencies"], **WANTED["devDependencies"]}


def test_the_packages_are_those_that_this_was_tested_with():
    versions = {
        name: version for name, version in PACKAGES.items() if name != "@aws-amplify/backend-cli"
    }  # ampx deploys
    found = {name: json.loads((MODULES / name / "package.json").read_text())["version"] for name in versions}
    assert found == versions


def test_nothing_is_imported_that_a_project_may_not_have():
    """Neither what npm puts beside the project's packages by chance, nor Node's own, whose types are a package."""
    sources = [path.read_text() for path in (SAMPLE / "amplify").rglob("*.ts") if "functions/js" not in str(path)]
    imported = {
        name for text in sources for name in re.findall(r"^import .* from '([^.'][^']*)';$", text, re.MULTILINE)
    }
    assert imported == {"@aws-amplify/backend", "aws-cdk-lib", "aws-cdk-lib/aws-lambda", "aws-cdk-lib/aws-ssm"}
    assert {re.match(r"(@[^/]*/)?[^/]*", name)[0] for name in imported} <= PACKAGES.keys()
