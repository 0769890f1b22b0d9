// What Amplify generates as $amplify/env/<function>, without its types.
export const env = process.env;
