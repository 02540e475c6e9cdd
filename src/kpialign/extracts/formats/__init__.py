"""One module a file format: ``ENDINGS`` it reads and ``read(path)`` → sheets of text."""
