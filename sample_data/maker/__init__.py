"""Makes the sample extracts: an invented health system in the real published layouts."""
