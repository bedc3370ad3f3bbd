"""Papers as files: build, preview, merge, cache, and the tools shipped with them."""
