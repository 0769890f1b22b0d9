"""Resolve the messages of a conversation route."""

from collections.abc import Mapping
from typing import Any

from amplify_data_client._core.schema.introspection import Conversation
from amplify_data_client.dev.local_backend.context import Context
from amplify_data_client.dev.local_backend.errors import ResolverError, unauthorized
from amplify_data_client.dev.local_backend.graphql.executor import Info

from .custom import Functions, call
from .model import ModelResolvers


class ConversationResolver:
    """Stores the user's messages, and the answers of the function registered for the route."""

    def __init__(self, route: Conversation, models: Mapping[str, ModelResolvers], functions: Functions) -> None:
        self._route = route
        self._conversations = models[route.conversation.name]
        self._messages = models[route.message.name]
        self._functions = functions

    def send(self, _source: Any, info: Info, /, **given: Any) -> dict[str, Any]:
        """Store a user's message. The function registered for the route is called with it and returns the assistant's answer.

        Like the deployed route, this returns the user's message; the answer is read from the list of messages.
        """
        context: Context = info.context
        key = {"id": given["conversationId"]}
        if self._conversations.read(info, key, "get") is None:
            raise unauthorized(info.field_name, self._route.message.name)
        message = self._messages.create(None, info, {"role": "user", **given})
        if function := self._functions.get(self._route.name):
            content = call(function, {**given, "message": message}, context.identity)
            if not isinstance(content, list | str):
                raise ResolverError(
                    f"The function of the conversation {self._route.name!r} gave {type(content).__name__}; it gives "
                    "the assistant's answer as text or as a list of content blocks.",
                    "Lambda:Unhandled",
                )
            blocks = [{"text": content}] if isinstance(content, str) else content
            answer = {"role": "assistant", "content": blocks, "associatedUserMessageId": message["id"]}
            self._messages.create(None, info, {"conversationId": given["conversationId"], **answer})
        return message
