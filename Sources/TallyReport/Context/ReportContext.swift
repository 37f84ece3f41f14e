/// Everything a report may print, version 1: the contract between the books and the templates.
///
/// A value is filled in two steps. Whoever makes a report sets the *facts*; ``derive()`` fills what follows from them: texts with
/// thousands separators, singulars and plurals, percentages, the status, `has_…` and `is_…` flags for sections, and lists cut to
/// ``ReportLimits``. ``json`` always derives first, so a context can't reach a template half done. Deriving twice changes nothing.
///
/// The JSON form has the same names in snake case, keys sorted, every key always present, no `null` and no fractions. It is what `--context`
/// prints and what templates see; `docs/template-context.md` lists every name.
public struct ReportContext: Codable, Sendable, Hashable {
  /// The version of this form; raised when a name changes its meaning or goes.
  public static let currentVersion = 1

  /// The version of the form: ``currentVersion``.
  public var version = ReportContext.currentVersion
  /// The project.
  public var project = Project()
  /// The campaign the report is about; without facts in a report about several.
  public var campaign = Campaign()
  /// With `--all`, a report for each campaign, in the order of `tally.yml`: each has the names of this one, its own `campaigns` empty.
  public var campaigns: [ReportContext] = []
  /// Derived: true when the report is about several campaigns.
  public var hasCampaigns = false
  /// Derived: where the campaigns stand, such as `3 campaigns: 1 done, 2 off track`; empty for a report about one.
  public var campaignsText = ""
  /// The balanced account from the baseline to now.
  public var statement = Statement()
  /// The campaign's priorities in the order of `tally.yml`, `unassigned` last.
  public var priorities: [Priority] = []
  /// Derived: true when there are priorities besides `unassigned`.
  public var hasPriorities = false
  /// Derived: true when something is open in a priority.
  public var hasRemaining = false
  /// What is open by owner, most first, then by name; empty without a `CODEOWNERS`.
  public var owners: [Owner] = []
  /// Derived: true when there are owners.
  public var hasOwners = false
  /// How many the list leaves out; what the limit cuts is added.
  public var moreOwners = More()
  /// What has been open longest, oldest first.
  public var oldest: [Oldest] = []
  /// Derived: true when something is open.
  public var hasOldest = false
  /// Every open violation, by priority, path and line: filled for a template that uses the name, so not in `json`; at most 10,000.
  public var violations: [OpenViolation] = []
  /// Derived: true when the list has any.
  public var hasViolations = false
  /// How many the list leaves out; what the limit cuts is added.
  public var moreViolations = More()
  /// What happened since the last post.
  public var since = Since()
  /// The weeks since the baseline, oldest first.
  public var weeks: [Week] = []
  /// How the weeks go.
  public var pace = Pace()
  /// What becomes of the count if it goes on like this.
  public var forecast = Forecast()
  /// Key commits, newest first: those that closed or opened violations of the campaign, and those that name the issue.
  public var commits: [Commit] = []
  /// Derived: true when there are commits.
  public var hasCommits = false
  /// How many commits the list leaves out; what the limit cuts is added.
  public var moreCommits = More()
  /// The tests, at the commits the report is about.
  public var tests = Tests()
  /// The campaign's components in the order of `tally.yml`.
  public var components: [Component] = []
  /// Derived: true when there are components.
  public var hasComponents = false
  /// Derived: how many components are complete, such as `2 of 5 components are complete`; empty without any.
  public var componentsText = ""
  /// The campaign's metrics in the order of `tally.yml`.
  public var metrics: [Metric] = []
  /// Derived: true when a metric has a current value.
  public var hasMetrics = false
  /// Where most violations can be closed next, most first.
  public var nextSteps: [NextStep] = []
  /// Derived: true when there are next steps.
  public var hasNextSteps = false
  /// The lead's own words, rendered.
  public var narrative = Narrative()
  /// The success criteria.
  public var criteria = Criteria()
  /// Waivers that hold at the time of the report or ended since the baseline, soonest end first.
  public var waivers = Waivers()
  /// Violations that are suppressed in the source or by the tool.
  public var suppressions = Suppressions()
  /// What people signed off.
  public var attestations = Attestations()
  /// Whether the ledger is what its journal says.
  public var verification = Verification()
  /// What one commit adds to its base branch and removes from it.
  public var change = Change()
  /// Sentences worth a person's attention, most important first.
  public var warnings: [String] = []
  /// Derived: true when there are warnings.
  public var hasWarnings = false
  /// How many warnings the list leaves out; what the limit cuts is added.
  public var moreWarnings = More()
  /// The lanes that the numbers come from, sorted by name.
  public var lanes: [Lane] = []
  /// Derived: true when there are lanes.
  public var hasLanes = false
  /// Derived: true when a lane is not fresh.
  public var hasLaneProblems = false
  /// The balance over time.
  public var trend = Trend()
  /// The numbers as pictures.
  public var charts = Charts()
  /// Where the report comes from.
  public var footer = Footer()

  /// Creates a context without facts.
  public init() {}

  /// What the report belongs to.
  public struct Project: Codable, Sendable, Hashable {
    /// The project's name.
    public var name = ""
    /// The repository's address for links, without a trailing slash; empty when not configured.
    ///
    /// Cleared when it is no plain `https` or `http` address.
    public var url = ""
    /// Derived: true when there is an address.
    public var hasURL = false

    /// Creates a project without facts.
    public init() {}
  }

  /// How much a list leaves out.
  public struct More: Codable, Sendable, Hashable {
    /// How many items; 0 for none.
    public var count = 0
    /// How many violations the left-out items stand for together; 0 where that has no meaning.
    public var violations = 0
    /// Derived: ``count`` for people.
    public var text = ""
    /// Derived: ``violations`` with its noun, such as `99,950 violations`.
    public var violationsText = ""
    /// Derived: true when something is left out.
    public var hasAny = false
    /// Derived: true when ``count`` is 1.
    public var isOne = false
    /// Derived: true when violations are left out.
    public var hasViolations = false

    /// Creates a count of left-out items.
    public init(count: Int = 0, violations: Int = 0) {
      self.count = count
      self.violations = violations
    }
  }

  /// The lead's own Markdown, rendered with the rest of the context; trusted, so printed as it is.
  ///
  /// Every part comes as HTML, too, for pages.
  public struct Narrative: Codable, Sendable, Hashable {
    /// Why the work goes on, question by question.
    public var fiveWhys = ""
    /// What the work is worth.
    public var business = ""
    /// The lead's judgement of where things stand.
    public var assessment = ""
    /// What the lead advises.
    public var recommendation = ""
    /// Steps that no count can find.
    public var nextSteps = ""
    /// Derived: ``fiveWhys`` as HTML.
    public var fiveWhysHTML = ""
    /// Derived: ``business`` as HTML.
    public var businessHTML = ""
    /// Derived: ``assessment`` as HTML.
    public var assessmentHTML = ""
    /// Derived: ``recommendation`` as HTML.
    public var recommendationHTML = ""
    /// Derived: ``nextSteps`` as HTML.
    public var nextStepsHTML = ""
    /// Derived: true when the text is not empty.
    public var hasFiveWhys = false
    /// Derived: true when the text is not empty.
    public var hasBusiness = false
    /// Derived: true when the text is not empty.
    public var hasAssessment = false
    /// Derived: true when the text is not empty.
    public var hasRecommendation = false
    /// Derived: true when the text is not empty.
    public var hasNextSteps = false

    /// Creates a narrative without text.
    public init() {}
  }

  /// Where the report comes from and how to make it again.
  public struct Footer: Codable, Sendable, Hashable {
    /// The time of the commits the report is about, in ISO 8601.
    public var asOf = ""
    /// Derived: the date of ``asOf``.
    public var asOfDate = ""
    /// How much of the journal was read, in the words of `--known-at`; empty for all of it.
    public var knownAt = ""
    /// How many entries the journal holds.
    public var entries = 0
    /// Derived: ``entries`` for people.
    public var entriesText = ""
    /// Derived: `entry` or `entries`.
    public var entriesNoun = ""
    /// The journal's root hash in hexadecimal digits.
    public var root = ""
    /// The digest of the configuration in hexadecimal digits.
    public var configDigest = ""
    /// The time whose configuration is applied, in ISO 8601, where `--config-as-of` chose one; else empty.
    public var configAsOf = ""
    /// The digest of the configuration that counted at ``asOf``, where it is not the one that is applied; else empty.
    public var configThenDigest = ""
    /// The template's full name, such as `status-update.md`.
    public var template = ""
    /// The digest of the template and its partials in hexadecimal digits.
    public var templateDigest = ""
    /// The id of the campaign that the report is about; empty for none and for all.
    public var campaign = ""
    /// Derived: true when the report is about one campaign.
    public var hasCampaign = false
    /// True when the report is about every campaign of `tally.yml`.
    public var isAll = false
    /// The full name of the commit whose change the report is about; empty for none.
    public var commit = ""
    /// The branch of that commit.
    public var branch = ""
    /// The branch that it is compared with.
    public var base = ""
    /// Derived: the first 12 digits of ``commit``.
    public var commitShort = ""
    /// Derived: true when the report is about a change.
    public var hasChange = false
    /// Derived: the first 12 digits of ``root``.
    public var rootShort = ""
    /// Derived: the first 12 digits of ``configDigest``.
    public var configShort = ""
    /// Derived: the date of ``configAsOf``.
    public var configAsOfDate = ""
    /// Derived: the first 12 digits of ``configThenDigest``.
    public var configThenShort = ""
    /// Derived: the first 12 digits of ``templateDigest``.
    public var templateShort = ""
    /// What made the report, such as `tally 0.1.0`.
    public var generator = ""
    /// Derived: true when ``knownAt`` says something.
    public var hasKnownAt = false
    /// Derived: true when there is a journal root.
    public var hasRoot = false
    /// Derived: true when there is a digest of the configuration.
    public var hasConfig = false
    /// Derived: true when ``configAsOf`` says something.
    public var hasConfigAsOf = false
    /// Derived: true when the configuration of that time was another one.
    public var hasConfigThen = false
    /// Derived: true when there is a digest of the templates.
    public var hasTemplate = false
    /// Derived: true when the generator is named.
    public var hasGenerator = false

    /// Creates a footer without facts.
    public init() {}
  }
}
