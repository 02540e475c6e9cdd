"""One module a file format: ``ENDINGS`` it reads and ``read(file)`` → sheets of text."""
