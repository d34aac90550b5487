"""The box's HTTP face: API and page."""
