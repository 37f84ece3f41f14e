public import ArgumentParser

/// The program.
public struct TallyCommand: AsyncParsableCommand {
  /// Name and abstract.
  public static let configuration = CommandConfiguration(
    commandName: "tally",
    abstract: "Keep balanced books of rule violations",
    version: "0.1.0"
  )

  /// Creates the command.
  public init() {}
}
