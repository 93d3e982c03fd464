"""HTML doors of the main job."""
