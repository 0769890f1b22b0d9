"""The local backend beside the resolvers that Amplify generates: the same requests to both, and what may differ."""
