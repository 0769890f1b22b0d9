"""Answer a GraphQL request: parse, validate, coerce the variables, execute."""

import inspect
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
)

from amplify_data_client.dev.local_backend.context import Context
from amplify_data_client.dev.local_backend.errors import DocumentRefused, refused

from . import validation
from .executor import Execution
from .guard import Guard
from .variables import coerce

MAX_TOKENS = 50_000
# graphql-core accepts `{ }` since 3.3 by default; AppSync does not
_STRICT: dict[str, Any] = {
    name: False for name in ("allow_empty_selection_sets",) if name in inspect.signature(parse).parameters
}
_CACHED_DOCUMENTS = 1000
_CACHED_LENGTH = 100_000
_TOO_DEEP = "Validation error of type MaxDepth: the document is nested more deeply than the local backend can go"


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A parsed and validated document, or the reasons why it is refused."""

    document: DocumentNode | None
    fragments: Mapping[str, FragmentDefinitionNode]
    problems: tuple[dict[str, Any], ...] = ()


class Engine:
    """Answers the requests of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._guard = Guard(schema)
        self._checked: OrderedDict[str, CheckedDocument] = OrderedDict()
        self._lock = threading.Lock()

    def answer(
        self, query: str, variables: Mapping[str, Any], operation_name: str | None, context: Context
    ) -> dict[str, Any]:
        """Execute a request. Errors are in the answer."""
        try:
            checked = self._check(query)
            operation = self._operation(checked, operation_name)
            values = coerce(self.schema, operation, variables)
            execution = Execution(
                self.schema,
                checked.fragments,
                values,
                context,
                lambda info: self._guard.check(context.identity, info),
            )
            data = execution.run(operation)
        except DocumentRefused as error:
            return {"data": None, "errors": error.entries}
        except RecursionError:
            return {"data": None, "errors": [refused(_TOO_DEEP, None)]}
        return {"data": data, "errors": execution.errors} if execution.errors else {"data": data}

    def _operation(self, checked: CheckedDocument, name: str | None) -> OperationDefinitionNode:
        if checked.document is None or checked.problems:
            raise DocumentRefused(checked.problems)
        operation = validation.operation_named(checked.document, name)
        if isinstance(operation, str):
            raise DocumentRefused([refused(operation, None)])
        if operation.operation is OperationType.SUBSCRIPTION:
            raise DocumentRefused([refused("Subscriptions are not answered over HTTP, but over the WebSocket.", None)])
        return operation

    def _check(self, query: str) -> CheckedDocument:
        with self._lock:
            if found := self._checked.get(query):
                self._checked.move_to_end(query)
                return found
        made = self._make(query)
        if len(query) <= _CACHED_LENGTH:
            with self._lock:
                self._checked[query] = made
                while len(self._checked) > _CACHED_DOCUMENTS:
                    self._checked.popitem(last=False)
        return made

    def _make(self, query: str) -> CheckedDocument:
        try:
            document = parse(query, max_tokens=MAX_TOKENS, **_STRICT)
        except GraphQLError as error:
            return CheckedDocument(None, {}, (validation.syntax_entry(error),))
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        return CheckedDocument(document, fragments, tuple(validation.check(self.schema, document)))
