import ArgumentParser

/// Lists, shows, exports and checks templates.
struct Templates: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "templates",
    abstract: "List, show, export and check templates",
    discussion: """
      A report is a template rendered with the data of a campaign. The built-in ones can be replaced, whole or a \
      partial at a time, by files in the folder that `templates:` of tally.yml names.

      Exit status: 0 done; 1 checked, and something is wrong; 2 not done; 64 wrong usage.
      """,
    subcommands: [
      TemplatesList.self, TemplatesShow.self, TemplatesExport.self, TemplatesCheck.self,
    ]
  )
}
