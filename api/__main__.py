"""`python -m api` is the `intake` command."""

from api.cli import main

main()
