"""One module a detection method; a rule's evidence plan names it."""
