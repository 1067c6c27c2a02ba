"""How the book is kept, read and rendered: everything that knows a database, a file format or a library."""
