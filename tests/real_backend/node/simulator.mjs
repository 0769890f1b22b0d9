// The modules of Amplify's AppSync simulator, and those that it uses itself, as the same instances.
import { createRequire } from 'node:module';

const here = createRequire(import.meta.url);
export const own = createRequire(here.resolve('@aws-amplify/amplify-appsync-simulator'));
export const simulator = (file = 'index') => own(`@aws-amplify/amplify-appsync-simulator/lib/${file}`);
