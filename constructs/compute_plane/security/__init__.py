"""The document that a security team reads: roles, statements, acknowledgements, each with its reason."""
