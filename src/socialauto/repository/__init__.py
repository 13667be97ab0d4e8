"""Git and the disk: the only place that knows them."""
