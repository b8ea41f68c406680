"""What the site does beyond Sphinx: it runs the code of its pages and checks what search finds."""
