"""What `Benchmarks/run` is made of: generators, a timing harness and one module a bar."""
