"""What the reader sees: charts, pages, search and the files of the site."""
