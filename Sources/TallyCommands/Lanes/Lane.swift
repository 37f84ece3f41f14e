import ArgumentParser

/// Lists and renames lanes.
struct Lane: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lane",
    abstract: "List and rename lanes",
    discussion: """
      A lane is the scans that follow each other: those of one tool and category on one branch.

      Exit status: 0 done; 2 not done, nothing changed; 64 wrong usage.
      """,
    subcommands: [LaneList.self, LaneRename.self]
  )
}
