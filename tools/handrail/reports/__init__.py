"""Result objects that the terminal, JSON, the site and messages all show."""
