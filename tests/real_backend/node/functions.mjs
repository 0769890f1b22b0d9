// The functions behind custom operations: events are posted to an address, which answers as AWS Lambda's Invoke does.

export const invoke = (address) => async (event) => {
  if (!address) throw unhandled(`no function answers ${event.typeName}.${event.fieldName}: name their address with --functions`);
  const answer = await fetch(address, { method: 'POST', body: JSON.stringify(event) });
  const result = await answer.json();
  if (answer.headers.has('x-amz-function-error')) throw unhandled(result.errorMessage);
  return result;
};

const unhandled = (message) => Object.assign(new Error(message), { type: 'Lambda:Unhandled' });
