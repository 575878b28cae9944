"""Where recordings are kept: sealed by a key of the desk, in a folder or an object store."""
