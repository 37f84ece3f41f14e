extension Repository {
  /// Sets values in the clone's own configuration: the one thing in a clone that is ever changed, and only when asked to.
  ///
  /// One call of git for each.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func configure(_ values: [(key: String, value: String)]) async throws {
    for (key, value) in values {
      _ = try await command.output(["config", "--local", key, value], limit: 1 << 16)
    }
  }
}
