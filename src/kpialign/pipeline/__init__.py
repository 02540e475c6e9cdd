"""The order of the work: know, read, model, gate, publish, describe, detect, compose."""
