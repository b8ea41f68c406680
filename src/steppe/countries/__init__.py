"""Every country from packaged open tables: codes, boundaries, places, figures."""
