import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { connectData } from './connect-data';
import { data } from './data/resource';
import { jsFunction } from './functions/js/resource';
import { pyFunction } from './functions/py/resource';

export const backend = defineBackend({ auth, data, pyFunction, jsFunction });

connectData(backend.data, backend.pyFunction);
backend.addOutput({ custom: { pyFunctionName: backend.pyFunction.resources.lambda.functionName } });
