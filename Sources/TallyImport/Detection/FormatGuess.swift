/// What a file that is in no known format looks like, and how to get a report from that tool.
struct FormatGuess {
  /// A noun phrase, such as `bandit's own JSON`.
  let looksLike: String
  /// What to do, one sentence fragment.
  let remedy: String

  /// Advice where the tool is not known.
  static let general =
    "have the tool write SARIF 2.1.0 or JUnit XML; most linters and test runners have an option for it"

  init(_ head: FilePrefix) {
    let found = FormatGuess.guess(head)
    looksLike = found.0
    remedy = found.1 ?? FormatGuess.general
  }

  private typealias Guess = (String, String?)

  private static func guess(_ head: FilePrefix) -> Guess {
    if let binary = head.binaryKind { return binary }
    if let root = head.rootElement { return xml(root) }
    let text = head.text
    switch head.firstCharacter {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return json(text)
    default: return plain(text)
    }
  }

  /// A file is taken for the first entry all of whose words it holds.
  private struct Known {
    let words: [String]
    let looksLike: String
    let remedy: String?

    init(_ words: [String], _ looksLike: String, _ remedy: String?) {
      self.words = words
      self.looksLike = looksLike
      self.remedy = remedy
    }
  }

  private static let ruff = "run ruff with 'check --output-format sarif'"
  private static let bandit = "install 'bandit[sarif]' and run bandit with '-f sarif'"
  private static let semgrep = "run semgrep with 'scan --sarif'"
  private static let checkov = "run checkov with '-o sarif'"
  private static let pylint =
    "convert it with 'sarif-multitool convert --tool Pylint', or run ruff's PL rules with "
    + "'--output-format sarif'"
  private static let shellcheck = "pipe 'shellcheck -f json' through shellcheck-sarif"
  private static let mypy = "run mypy with '--junit-xml FILE'"
  private static let dotnet = "run 'dotnet test' with the logger of the package JunitXml.TestLogger"

  private static let jsonFiles = [
    Known(["\"generated_at\"", "\"metrics\"", "SEVERITY."], "bandit's own JSON", bandit),
    Known(["\"check_id\"", "\"check_type\""], "checkov's own JSON", checkov),
    Known(["security-report-schemas"], "a GitLab security report", nil),
    Known(["\"check_id\"", "\"path\""], "Semgrep's own JSON", semgrep),
    Known(["\"noqa_row\""], "ruff's own JSON", ruff),
    Known(["docs.astral.sh/ruff", "\"diagnostics\""], "ruff's rdjson", ruff),
    Known(["\"diagnostics\"", "\"location\""], "reviewdog's rdjson", nil),
    Known(["\"messageId\"", "\"symbol\""], "pylint's own JSON", pylint),
    Known(["\"message-id\"", "\"symbol\""], "pylint's own JSON", pylint),
    Known(["\"comments\"", "\"endColumn\""], "ShellCheck's own JSON", shellcheck),
    Known(["\"file\"", "\"endColumn\"", "\"fix\""], "ShellCheck's own JSON", shellcheck),
    Known(
      ["\"plugins_used\""],
      "a detect-secrets baseline",
      "use a secret scanner that writes SARIF, such as gitleaks with '--report-format sarif'"
    ),
    Known(
      ["\"determinations\"", "\"ident\""],
      "zizmor's own JSON",
      "run zizmor with '--format sarif'"
    ),
    Known(
      ["\"filepath\"", "\"violations\""],
      "SQLFluff's own JSON",
      "run sqlfluff with 'lint --format sarif'"
    ),
    Known(["\"annotation_level\""], "GitHub annotations as JSON", nil),
    Known(["\"check_name\"", "\"fingerprint\""], "a GitLab Code Quality report", nil),
    Known(
      ["\"complexity\"", "\"rank\""],
      "radon's complexity report",
      "radon measures and finds no violations; ruff's rule C901 reports them as SARIF"
    ),
    Known(["\"file\"", "\"severity\"", "\"hint\""], "mypy's JSON lines", mypy),
    Known(
      ["\"filePath\"", "\"messages\""],
      "ESLint's own JSON",
      "run eslint with '-f @microsoft/eslint-formatter-sarif'"
    ),
    Known(
      ["\"SchemaVersion\"", "\"ArtifactName\""],
      "Trivy's own JSON",
      "run trivy with '--format sarif'"
    ),
  ]

  private static func json(_ text: String) -> Guess {
    for known in jsonFiles where known.words.allSatisfy({ text.contains($0) }) {
      return (known.looksLike, known.remedy)
    }
    return ("JSON that is not SARIF", nil)
  }

  private static func xml(_ root: String) -> Guess {
    switch root {
    case "checkstyle":
      return (
        "Checkstyle XML",
        "have the tool write SARIF; for ShellCheck, pipe 'shellcheck -f json' through shellcheck-sarif"
      )
    case "cppncss":
      return (
        "the metrics of lizard or cppncss",
        "these are measurements, not violations; record the ones that matter with 'tally measure'"
      )
    case "bom":
      return ("a CycloneDX bill of materials", checkov)
    case "pmd":
      return ("PMD's own XML", "run pmd with 'check -f sarif'")
    case "BugCollection":
      return ("SpotBugs' own XML", "run spotbugs with '-sarif'")
    case "assemblies", "assembly":
      return ("xUnit.net's own XML", dotnet)
    case "TestRun":
      return ("a Visual Studio test result (TRX)", dotnet)
    case "test-run", "test-results":
      return ("NUnit's own XML", dotnet)
    case "coverage":
      return ("a coverage report", "record coverage with 'tally measure'")
    case "html", "HTML":
      return ("an HTML page", "check that what was downloaded is the report and no login page")
    default:
      return ("XML that starts with <\(root)>", nil)
    }
  }

  private static let plainFiles = [
    Known(
      ["version https://git-lfs.github.com/spec"],
      "a Git LFS pointer",
      "fetch the file itself with 'git lfs pull'"
    ),
    Known(["filename,test_name,test_id"], "bandit's CSV", bandit),
    Known(["generated_at:", "metrics:"], "bandit's YAML", bandit),
    Known(["##vso[task."], "logging commands of Azure Pipelines", nil),
    Known(["::error title=ruff"], "ruff's GitHub workflow commands", ruff),
    Known(["::error "], "GitHub workflow commands", nil),
    Known(["::warning "], "GitHub workflow commands", nil),
    Known(["% confidence)"], "vulture's text", nil),
    Known([": error: ", "[SC"], "ShellCheck's text", shellcheck),
  ]

  private static func plain(_ text: String) -> Guess {
    for known in plainFiles where known.words.allSatisfy({ text.contains($0) }) {
      return (known.looksLike, known.remedy)
    }
    let line = text.prefix { !$0.isNewline }
    if isLintLine(line) { return ("lint messages as plain text", nil) }
    if line.filter({ $0 == "," }).count >= 2 && !line.contains(" ") { return ("CSV", nil) }
    if line == "---" || line.hasSuffix(":") { return ("YAML", nil) }
    return ("plain text", nil)
  }

  /// Says whether a line has the form `path:12:` that compilers and linters use.
  private static func isLintLine(_ line: Substring) -> Bool {
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 && !parts[0].isEmpty && Int(parts[1]) != nil
  }
}

extension FilePrefix {
  /// What a file is that starts with the mark of a binary format or holds zeros.
  fileprivate var binaryKind: (String, String?)? {
    let start = Array(content.prefix(4))
    if start.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      return ("a zip archive", "unpack it and name the reports in it")
    }
    if start == [0x28, 0xB5, 0x2F, 0xFD] {
      return ("a zstd file", "decompress it; of compressed files only gzip is read")
    }
    if start == [0xFD, 0x37, 0x7A, 0x58] {
      return ("an xz file", "decompress it; of compressed files only gzip is read")
    }
    if start.starts(with: Array("BZh".utf8)) {
      return ("a bzip2 file", "decompress it; of compressed files only gzip is read")
    }
    if start.starts(with: Array("SQLi".utf8)) {
      return ("an SQLite database", "pass the ledger with --ledger and name report files here")
    }
    return wideEncoding == nil && contains("\u{0}") ? ("binary data", nil) : nil
  }
}
