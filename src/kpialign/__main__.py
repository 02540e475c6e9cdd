"""``python -m kpialign``, for machines where scripts may not be run."""

from kpialign.cli import main

main()
