"""One file a thing that is measured; its `ENTRY` is found by the file's name."""
