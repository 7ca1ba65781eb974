"""Picture and video files: opened, looked at and hashed, never trusted. The only user of Pillow."""
