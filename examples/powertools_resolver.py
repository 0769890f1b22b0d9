"""A resolver of the API itself, with Powertools for AWS Lambda: the mutation closeTodo(id: ID!): Todo."""

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths

from amplify_data_client import generate_client

app, logger, tracer = AppSyncResolver(), Logger(), Tracer()
client = generate_client(deadline=lambda: app.lambda_context)  # calls end while there is time to answer


@app.resolver(type_name="Mutation", field_name="closeTodo")
@tracer.capture_method
def close_todo(id):
    closed = client.models.Todo.update(id=id, is_done=True).data
    logger.info("closed", todo=closed.id)
    return closed.to_dict()


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
@tracer.capture_lambda_handler
def handler(event, context):
    return app.resolve(event, context)
