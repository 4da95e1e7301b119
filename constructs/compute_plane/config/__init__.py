"""What an operator may say about an environment: the typed model of `config/<env>.yaml`."""
