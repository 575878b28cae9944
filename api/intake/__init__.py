"""Orders that come in writing: mail and fax become the same draft orders as calls."""
