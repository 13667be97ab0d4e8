"""An HTTP server that behaves like the platforms, for rehearsal and tests."""
