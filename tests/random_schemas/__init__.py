"""Random schemas, as Amplify could have compiled them, and everything that the clients do with them."""
