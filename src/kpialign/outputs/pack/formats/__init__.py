"""One module a format; its file name is its name."""
