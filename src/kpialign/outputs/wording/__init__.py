"""What is said in words, the same on every screen, page and paper."""
