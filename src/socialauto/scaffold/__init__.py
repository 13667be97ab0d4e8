"""What `init` and `new` write, as pure functions; the command line writes it to disk."""
