"""Word to PDF through typst: the same template serves Word and print, on any machine, without an office suite."""
