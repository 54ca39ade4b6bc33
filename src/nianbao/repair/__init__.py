"""Un-weaving: lines whose glyphs an extractor interleaved are put back into reading order (`weave.repair`)."""
