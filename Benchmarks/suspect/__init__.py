"""Which scans are called suspect: real histories, commit by commit, and stories of scans that collapsed."""
