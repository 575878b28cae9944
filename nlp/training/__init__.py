"""Practice for clerks: a machine that calls the desk, and a score of how the call was taken."""
