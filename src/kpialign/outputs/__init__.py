"""What is told of findings: files of a run, the gate, the pack, tables, and their words."""
