"""One module a section; its file name is its name."""
