"""The pictures of the pages: what each is taken of, and the taking. `make pictures` makes them anew."""
