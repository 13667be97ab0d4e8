"""Platform adapters: one module or package a platform, found through one registry."""
