"""What CDK synthesised, read as CloudFormation will: stacks in stacks, and what their values refer to."""

import json
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple


class Origin(NamedTuple):
    """What a reference leads to: a resource's name in the stack that has it, and an attribute unless it is the resource itself."""

    stack: "Stack"
    name: str
    attribute: str | None = None


class Stack:
    """A template, with the stacks nested in it."""

    def __init__(self, assembly: Path, file: str, parent: "Stack | None" = None, given: Any = None) -> None:
        template = json.loads((assembly / file).read_text())
        self.resources: dict[str, Any] = template["Resources"]
        self.outputs: dict[str, Any] = template.get("Outputs", {})
        self.parent, self.given = parent, given or {}
        self.nested = {
            name: Stack(assembly, _source(assembly, nested["TemplateURL"]), self, nested.get("Parameters"))
            for name, nested in self.of_type("AWS::CloudFormation::Stack")
        }

    def all(self) -> Iterator["Stack"]:
        """Give this stack and those below it."""
        yield self
        for stack in self.nested.values():
            yield from stack.all()

    def of_type(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Give the names and properties of this stack's resources of a type."""
        return ((name, found["Properties"]) for name, found in self.resources.items() if found["Type"] == kind)

    def origin(self, value: Any) -> Origin:
        """Follow a reference through parameters and outputs of stacks."""
        match value:
            case {"Ref": name} if name in self.given and self.parent:
                return self.parent.origin(self.given[name])
            case {"Fn::GetAtt": [name, output]} if name in self.nested:
                stack = self.nested[name]
                return stack.origin(stack.outputs[output.removeprefix("Outputs.")]["Value"])
            case {"Ref": name}:
                return Origin(self, name)
            case {"Fn::GetAtt": [name, attribute]}:
                return Origin(self, name, attribute)
        raise ValueError(f"not a reference: {value}")

    def text(self, value: Any) -> str:
        """Give a value as text, with ${…} for what only a deployment knows."""
        match value:
            case str():
                return value
            case {"Fn::Join": [between, parts]}:
                return str(between.join(map(self.text, parts)))
        _, name, attribute = self.origin(value)
        return f"${{{name}.{attribute}}}" if attribute else f"${{{name}}}"

    def cycles(self) -> list[str]:
        """Say which resources, nested stacks among them, need each other: CloudFormation refuses those."""
        return [*self._own_cycle(), *(cycle for stack in self.nested.values() for cycle in stack.cycles())]

    def _own_cycle(self) -> list[str]:
        needs = {name: set(_needs(resource)) & self.resources.keys() for name, resource in self.resources.items()}
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            return [" -> ".join(error.args[1])]
        return []


def _needs(resource: Any) -> Iterator[str]:
    after = resource.get("DependsOn", [])
    yield from [after] if isinstance(after, str) else after
    yield from _references(resource.get("Properties", {}))


def _references(value: Any) -> Iterator[str]:
    match value:
        case list():
            for item in value:
                yield from _references(item)
        case {"Ref": name} | {"Fn::GetAtt": [name, _]}:
            yield name
        case {"Fn::Sub": str(text)} | {"Fn::Sub": [str(text), *_]}:
            yield from (name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text))
            yield from _references(value["Fn::Sub"][1:] if isinstance(value["Fn::Sub"], list) else [])
        case dict():
            yield from _references(list(value.values()))


def _source(assembly: Path, url: Any) -> str:
    """Give the file of a template that CloudFormation will find at this URL."""
    [key] = re.findall(r"/([0-9a-f]{64})\.json", json.dumps(url))
    for manifest in assembly.glob("*.assets.json"):
        for asset in json.loads(manifest.read_text())["files"].values():
            if any(destination["objectKey"] == f"{key}.json" for destination in asset["destinations"].values()):
                return str(asset["source"]["path"])
    raise LookupError(f"no asset of {assembly} is uploaded to {key}.json")
