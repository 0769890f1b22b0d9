"""Describes the calls of a conversation route, and reads its messages.

https://docs.amplify.aws/react/ai/conversation/. Content blocks have the schema's names, in both directions; images and
documents are bytes, and what is JSON (a tool's input, a result) is a value.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.schema.introspection import Conversation
from amplify_data_client._core.schema.keys import list_field
from amplify_data_client._core.schema.naming import Names
from amplify_data_client._core.schema.scalars import read_json
from amplify_data_client.errors import NotSelectedError, OperationError
from amplify_data_client.options import SPELLINGS, CallOptions
from amplify_data_client.results import Result

from .api import ClientBinding
from .arguments import LIST, NO_NAMES, Arguments, signature
from .custom import call as custom_call
from .filters import filter_input
from .operation import Call
from .queries import AnyPage, list_head, list_variables, page_call

_MESSAGE_OPTIONS = {word: name for word, name in LIST.items() if name not in ("sort_direction", "selection_set")}


class Message:
    """A message of a conversation.

    `content` is a list of blocks: `{"text": …}`, `{"image": {"format", "source": {"bytes"}}}`, `{"document": …}`,
    `{"toolUse": {"toolUseId", "name", "input"}}`, `{"toolResult": {"toolUseId", "content"}}`.
    """

    def __init__(self, record: Any) -> None:
        self._record = record
        self.content: list[dict[str, Any]] = _decoded(record.to_dict().get("content") or [])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_record":
            raise AttributeError(name)
        return getattr(self._record, name)

    def to_dict(self) -> dict[str, Any]:
        """Give the message with the schema's names, JSON-ready: bytes as base64 text, nulls left out."""
        shown = {name: value for name, value in self._record.to_dict().items() if value is not None}
        return {**shown, "content": _encoded(self.content)}

    def _asdict(self) -> dict[str, Any]:
        return self.to_dict()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # compared by content, which may be mutable

    def __repr__(self) -> str:
        return f"Message({self._record!r})"


def send(
    binding: ClientBinding,
    route: Conversation,
    conversation: Any,
    content: Any,
    keywords: Mapping[str, Any],
    inherited: CallOptions,
) -> Call[Result[Any]]:
    """Describe a message to be sent: text, a list of blocks, or JavaScript's object with content, aiContext, …

    Raises:
        OperationError: The content does not fit.
    """
    given = dict(content) if isinstance(content, Mapping) else {"content": content}
    given = {**given, **{word: value for word, value in keywords.items() if word not in SPELLINGS}}
    options = {word: value for word, value in keywords.items() if word in SPELLINGS}
    names = Names(("content", "aiContext", "toolConfiguration"))
    what = f"{route.name}.send_message"
    named = Arguments(given, None, {}).parse(signature(what, names, {})).values
    values = {"conversationId": _identifier(conversation), **_prepared(what, named)}
    call = custom_call(binding, route.send, "mutation", Arguments(values, options, {}))
    return Call(call.operation, call.options.with_defaults(inherited)).mapped(Message)


def messages(
    binding: ClientBinding, route: Conversation, conversation: Any, arguments: Arguments, inherited: CallOptions
) -> Call[AnyPage]:
    """Describe one page of a conversation's messages."""
    what, model = f"{route.name}.list_messages", route.message
    given = arguments.parse(signature(what, NO_NAMES, _MESSAGE_OPTIONS, mixed=True))
    given = given._replace(call=given.call.with_defaults(inherited))
    variables = list_variables(binding, model, given, None, what)
    own: dict[str, Any] = {"conversationId": {"eq": _identifier(conversation)}}
    if given.options.get("filter") is not None:
        own = {"and": [own, filter_input(binding.api, model, given.options["filter"], f"{what} filter")]}
    variables["filter"] = own
    return page_call(
        binding, model, list_field(model), list_head(binding.api, model, variables), variables, given
    ).mapped(Message)


def _identifier(conversation: Any) -> str:
    try:
        identifier: str = conversation.wire_value("id")
    except KeyError:
        raise NotSelectedError(
            "The conversation was loaded without its id, so it takes no messages. Load it again."
        ) from None
    return identifier


def _prepared(what: str, given: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    content = given.get("content")
    if content is None:
        raise OperationError(f"{what} needs content: text, or a list of blocks such as {{'text': '…'}}.")
    values["content"] = [{"text": content}] if isinstance(content, str) else [_encoded(block) for block in content]
    if given.get("aiContext") is not None:
        values["aiContext"] = given["aiContext"]
    if given.get("toolConfiguration") is not None:
        values["toolConfiguration"] = {"tools": [_tool(*item) for item in _tools(what, given["toolConfiguration"])]}
    return values


def _tools(what: str, configuration: Any) -> list[tuple[str, Mapping[str, Any]]]:
    tools = configuration.get("tools") if isinstance(configuration, Mapping) else None
    if not isinstance(tools, Mapping):
        raise OperationError(
            f"{what}: tool_configuration takes {{'tools': {{'<name>': {{'description': …, 'inputSchema': {{'json': …}}}}}}}}."
        )
    return list(tools.items())


def _tool(name: str, tool: Mapping[str, Any]) -> dict[str, Any]:
    return {"toolSpec": {"name": name, **tool}}


def _encoded(value: Any) -> Any:
    """Make bytes base64 text, wherever they are; the rest is encoded by the schema's types."""
    if isinstance(value, bytes | bytearray):
        return b64encode(value).decode()
    if isinstance(value, Mapping):
        return {key: _encoded(item) for key, item in value.items()}
    return [_encoded(item) for item in value] if isinstance(value, list) else value


def _bytes(text: str) -> Any:
    try:
        return b64decode(text)
    except ValueError:  # not base64: it stays the text that it is
        return text


def _decoded(block: Any) -> Any:
    """Leave the nulls out of a block, make base64 text bytes, and JSON text a value."""
    if isinstance(block, list):
        return [_decoded(item) for item in block]
    if not isinstance(block, Mapping):
        return block
    decoded = {}
    for name, value in block.items():
        if value is None:
            continue
        if name == "bytes" and isinstance(value, str):
            decoded[name] = _bytes(value)
        elif name in ("input", "json"):
            decoded[name] = read_json(value)
        else:
            decoded[name] = _decoded(value)
    return decoded
