"""Joint tasks (吹哨报到): the community whistles, units muster, they look together, say what came of it, are rated."""
