extension Repository {
  /// Who git would say made a commit here, as `Name <mail>`; nil where git is missing or does not know.
  ///
  /// The only question that the user's own configuration answers.
  public static func identity(
    at folder: String,
    environment: [String: String]
  ) async throws -> String? {
    let command = GitCommand(folder: folder, environment: environment, usesOwnConfiguration: true)
    do {
      let outcome = try await command.run(["var", "GIT_AUTHOR_IDENT"], limit: 1 << 16)
      if outcome.status != 0 { return nil }
      // `Name <mail> 1700000000 +0000`
      let text = String(decoding: outcome.output, as: UTF8.self)
      guard let end = text.lastIndex(of: ">") else { return nil }
      return String(text[...end])
    } catch GitError.gitMissing {
      return nil
    }
  }
}
