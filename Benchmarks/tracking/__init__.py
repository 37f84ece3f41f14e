"""What `Benchmarks/run-tracking` is made of: edits with known truth, trackers, scores."""
