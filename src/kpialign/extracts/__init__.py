"""Files to cells: reading a document, recognising its layout, landing its rows."""
