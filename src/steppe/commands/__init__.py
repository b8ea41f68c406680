"""The commands of ``steppe``: thin, each says in words what the packages below it found."""
