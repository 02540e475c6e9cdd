"""``python -m kpialign``, for machines where scripts may not be run."""

from kpialign.cli import main

if __name__ == "__main__":
    main()
