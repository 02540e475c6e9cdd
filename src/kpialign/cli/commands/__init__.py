"""One module a command; its name is the module's, and it is called ``command``."""
