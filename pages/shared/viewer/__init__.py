"""The picture viewer: our own component, its scripts beside this file. Windowing, zoom and measuring happen in the browser."""
