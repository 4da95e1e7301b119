"""What makes, changes and deletes one physical resource, by type."""
