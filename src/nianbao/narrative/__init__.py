"""From the narrative to outline, metrics and events: pure functions on text with offsets."""
