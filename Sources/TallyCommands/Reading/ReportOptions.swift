import ArgumentParser
import TallyKit

/// Which campaigns a post is about: on every command that makes one.
struct CampaignOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Which campaign. Default: the only one.", valueName: "id")
  )
  var campaign: String?

  @Flag(name: .long, help: "Every campaign of tally.yml in one post.")
  var all = false

  func validate() throws {
    if all, campaign != nil {
      throw ValidationError("choose --all or --campaign, not both")
    }
  }
}

/// Which change a post shows, for the templates that show one.
struct ChangeOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "For 'pull-request': the branch to compare with.",
      discussion: "Default: the one a pull request goes to, else main.",
      valueName: "branch"
    )
  )
  var base: String?

  @Option(
    name: .long,
    help: ArgumentHelp("For 'pull-request': the commit to compare.", valueName: "sha|HEAD")
  )
  var commit: String?

  @Option(
    name: .long,
    help: ArgumentHelp("For 'pull-request': the branch the commit is on.", valueName: "name")
  )
  var branch: String?

  /// The choice in the kit's form.
  var request: GateRequest { GateRequest(base: base, commit: commit, branch: branch) }
}
