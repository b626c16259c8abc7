"""What the settings window is given of the core: drafts, secrets, tests, old files. No Qt."""
