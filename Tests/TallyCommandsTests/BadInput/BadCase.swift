import Foundation

/// One way to use the program that it has to refuse.
struct BadCase: Sendable {
  let title: String
  let arguments: [String]
  var input: String?
  /// A folder beside the sandbox's to run in; nil for the sandbox's own.
  var place: String?
  var variables: [String: String] = [:]
  /// A shell script instead of a plain call; gives no output where the machine cannot do it.
  var script: String?

  init(_ title: String, _ arguments: String..., input: String? = nil) {
    self.title = title
    self.arguments = arguments
    self.input = input
  }

  /// The case in another folder.
  func `in`(_ place: String) -> BadCase {
    var copy = self
    copy.place = place
    return copy
  }

  /// The case with more variables.
  func with(_ variables: [String: String]) -> BadCase {
    var copy = self
    copy.variables = variables
    return copy
  }

  /// The case inside a script, in which `"$@"` is the call.
  func by(_ script: String) -> BadCase {
    var copy = self
    copy.script = script
    return copy
  }
}

/// Takes away what makes root different, so that permissions count; plain for everybody else.
private let asAnybody = """
  if [ "$(id -u)" = 0 ]; then
    setpriv --bounding-set=-dac_override,-dac_read_search true 2>/dev/null || exit 77
    set -- setpriv --bounding-set=-dac_override,-dac_read_search "$@"
  fi
  """

/// Reports that cannot be taken.
let badReports: [BadCase] = [
  BadCase("truncated", "ingest", "cut.sarif"),
  BadCase("not JSON", "ingest", "notes.sarif"),
  BadCase("JSON, but no report", "ingest", "other.json"),
  BadCase("an older SARIF", "ingest", "old.sarif"),
  BadCase("a SARIF without a version", "ingest", "bare.sarif"),
  BadCase("a key twice", "ingest", "twice.sarif"),
  BadCase("a wrong type inside", "ingest", "typed.sarif"),
  BadCase("no runs", "ingest", "none.sarif"),
  BadCase("UTF-16", "ingest", "wide.sarif"),
  BadCase("a directory", "ingest", "src"),
  BadCase("empty", "ingest", "empty.sarif"),
  BadCase("blank", "ingest", "blank.sarif"),
  BadCase("missing", "ingest", "build/gone.sarif"),
  BadCase("unreadable", "ingest", "lint.sarif")
    .by("chmod 0 lint.sarif; \(asAnybody); \"$@\"; status=$?; chmod 644 lint.sarif; exit $status"),
  BadCase("a damaged archive", "ingest", "cut.sarif.gz"),
  BadCase("XML, but no tests", "ingest", "page.xml"),
  BadCase("truncated XML", "ingest", "cut.xml"),
  BadCase("XML with a document type", "ingest", "bomb.xml"),
  BadCase("an HTML page with a document type", "ingest", "login.xml"),
  BadCase("an unknown format", "ingest", "lint.sarif", "--format", "srif"),
  BadCase("the wrong format", "ingest", "lint.sarif", "--format", "junit"),
  BadCase("standard input twice", "ingest", "-", "-"),
  BadCase("empty standard input", "ingest", "-", input: ""),
  BadCase("truncated standard input", "ingest", "-", input: "{\"version\": \"2.1.0\""),
  BadCase("a scope that is no pattern", "ingest", "lint.sarif", "--scope", "src/[a"),
  BadCase("a scope outside the repository", "ingest", "lint.sarif", "--scope", "../lib/**"),
  BadCase("an empty scope", "ingest", "lint.sarif", "--scope", ""),
  BadCase("a missing tool configuration", "ingest", "lint.sarif", "--tool-config", "ruff.toml"),
]

/// Commits, branches and projects that are not known.
let badPlaces: [BadCase] = [
  BadCase("an unknown commit", "ingest", "lint.sarif", "--commit", "feedfacefeedface"),
  BadCase("an unknown branch as commit", "ingest", "lint.sarif", "--commit", "feature/none"),
  BadCase("a commit that a shallow clone lacks", "ingest", "lint.sarif", "--commit", "HEAD~1")
    .in("shallow"),
  BadCase("an unknown base", "ingest", "lint.sarif", "--changed-since", "origin/main"),
  BadCase("a base that a shallow clone lacks", "ingest", "lint.sarif", "--changed-since", "HEAD~1")
    .in("shallow"),
  BadCase(
    "a base without a repository",
    "ingest",
    "lint.sarif",
    "--changed-since",
    "main",
    "--branch",
    "main",
    "--commit",
    String(repeating: "a", count: 40)
  )
  .in("configured"),
  BadCase("a repository without a commit", "ingest", "lint.sarif").in("fresh"),
  BadCase("no branch", "ingest", "lint.sarif").in("detached"),
  BadCase("no repository", "ingest", "lint.sarif").in("plain"),
  BadCase("no repository, but a project", "ingest", "lint.sarif").in("configured"),
  BadCase("no repository and a short commit", "ingest", "lint.sarif", "--commit", "abc1234")
    .in("configured"),
  BadCase("no git", "ingest", "lint.sarif").with(["PATH": "/nowhere"]),
  BadCase("no git, with a branch", "ingest", "lint.sarif", "--branch", "main")
    .in("configured").with(["PATH": "/nowhere"]),
  BadCase("nobody to make a promise", "waive", "T-000000", "--why", "x", "--until", "9d")
    .with(["TALLY_ACTOR": ""]),
  BadCase("a clock that is none", "list").with(["TALLY_NOW": "noon"]),
]

/// Ledgers that cannot be used.
let badLedgers: [BadCase] = [
  BadCase("no ledger", "list", "--ledger", "gone.db"),
  BadCase("no ledger to write to", "waive", "T-000000", "--why", "x", "--until", "9d")
    .in("configured"),
  BadCase("a missing folder", "ingest", "lint.sarif", "--ledger", "gone/ledger.db"),
  BadCase("a folder", "list", "--ledger", "src"),
  BadCase("below a file", "ingest", "lint.sarif", "--ledger", "tally.yml/ledger.db"),
  BadCase("random bytes", "list", "--ledger", "random.db"),
  BadCase("random bytes to write to", "ingest", "lint.sarif", "--ledger", "random.db"),
  BadCase("an empty file", "list", "--ledger", "empty.sarif"),
  BadCase("another program's database", "list", "--ledger", "foreign.db"),
  BadCase(
    "another program's database to write to",
    "ingest",
    "lint.sarif",
    "--ledger",
    "foreign.db"
  ),
  BadCase("an older ledger", "list", "--ledger", "older.db"),
  BadCase("an older ledger to write to", "ingest", "lint.sarif", "--ledger", "older.db"),
  BadCase("a newer ledger", "list", "--ledger", "newer.db"),
  BadCase("a newer ledger to write to", "ingest", "lint.sarif", "--ledger", "newer.db"),
  BadCase("a truncated ledger", "list", "--ledger", "cut.db"),
  BadCase("a truncated ledger to write to", "ingest", "lint.sarif", "--ledger", "cut.db"),
  BadCase("a read-only ledger", "ingest", "late.sarif", "--ledger", "locked/ledger.db")
    .by(
      "chmod 444 locked/ledger.db; \(asAnybody); \"$@\"; s=$?; chmod 644 locked/ledger.db; exit $s"
    ),
  BadCase("a read-only folder", "ingest", "late.sarif", "--ledger", "locked/ledger.db")
    .by("chmod 555 locked; \(asAnybody); \"$@\"; s=$?; chmod 755 locked; exit $s"),
  BadCase(
    "a read-only folder without a ledger",
    "ingest",
    "late.sarif",
    "--ledger",
    "locked/new.db"
  )
  .by("chmod 555 locked; \(asAnybody); \"$@\"; s=$?; chmod 755 locked; exit $s"),
  BadCase("a ledger that may not be read", "list", "--ledger", "locked/ledger.db")
    .by(
      "chmod 0 locked/ledger.db; \(asAnybody); \"$@\"; s=$?; chmod 644 locked/ledger.db; exit $s"
    ),
  BadCase("a full disk", "ingest", "late.sarif", "--ledger", "full/ledger.db")
    .by(
      """
      unshare -rm true 2>/dev/null || exit 77
      exec unshare -rm sh -c '
        mount -t tmpfs -o size=512k none full 2>/dev/null || exit 77
        cp ledger.db full/
        dd if=/dev/zero of=full/fill bs=4k 2>/dev/null
        "$@"
        status=$?
        cmp ledger.db full/ledger.db || exit 78
        ls full | grep -v -x -e ledger.db -e fill && exit 79
        exit $status' sh "$@"
      """
    ),
  BadCase("a full disk for a new ledger", "ingest", "lint.sarif", "--ledger", "full/new.db")
    .by(
      """
      unshare -rm true 2>/dev/null || exit 77
      exec unshare -rm sh -c '
        mount -t tmpfs -o size=512k none full 2>/dev/null || exit 77
        dd if=/dev/zero of=full/fill bs=4k 2>/dev/null
        "$@"
        status=$?
        ls full | grep -v -x fill && exit 79
        exit $status' sh "$@"
      """
    ),
  BadCase(
    "a disk that fills up with a new ledger",
    "ingest",
    "late.sarif",
    "--ledger",
    "full/new.db"
  )
  .by(
    """
    unshare -rm true 2>/dev/null || exit 77
    exec unshare -rm sh -c '
      mount -t tmpfs -o size=300k none full 2>/dev/null || exit 77
      "$@"
      status=$?
      ls full | grep . && exit 79
      exit $status' sh "$@"
    """
  ),
  BadCase("a damaged repository and a new ledger", "ingest", "lint.sarif", "--ledger", "new.db")
    .in("damaged"),
]

/// Configurations, templates and data that cannot be used.
let badConfigurations: [BadCase] = [
  BadCase("no configuration where --config points", "list", "--config", "conf/tally.yml"),
  BadCase("a folder as configuration", "list", "--config", "src"),
  BadCase("bad YAML", "list", "--config", "bad/yaml.yml"),
  BadCase("an unknown key", "list", "--config", "bad/key.yml"),
  BadCase("several mistakes", "list", "--config", "bad/several.yml"),
  BadCase("a newer configuration", "list", "--config", "bad/newer.yml"),
  BadCase("a configuration that is not UTF-8", "list", "--config", "bad/latin.yml"),
  BadCase("an empty configuration", "list", "--config", "empty.sarif"),
  BadCase("a bad configuration above the folder", "list").in("broken/inside"),
  BadCase("a missing partial", "report", "--config", "bad/partial.yml"),
  BadCase("a baseline that is not recorded", "report", "--config", "bad/baseline.yml"),
  BadCase("no campaign", "report", "--config", "bad/none.yml"),
  BadCase("several campaigns", "report", "--config", "bad/two.yml"),
  BadCase("an unknown campaign", "report", "--campaign", "no-evil"),
  BadCase("an unknown template", "report", "monthly"),
  BadCase("a change in the past", "report", "pull-request", "--as-of", "2026-03-01"),
  BadCase("a change for a post without one", "report", "--base", "main"),
  BadCase("a template to show that is none", "templates", "show", "weakly"),
  BadCase("a template to check that is none", "templates", "check", "slak"),
  BadCase("the context to export", "templates", "export", "json"),
  BadCase("an export onto a file", "templates", "export", "weekly", "--to", "bad/none.yml"),
  BadCase("a template that is nearly known", "report", "status-updat"),
  BadCase("a wrong template", "report", "wrong", "--config", "bad/templates.yml"),
  BadCase("a template that includes itself", "report", "round", "--config", "bad/templates.yml"),
  BadCase("a partial that is none", "report", "parts", "--config", "bad/templates.yml"),
  BadCase("a post that is none", "report", "--check", "tally.yml"),
  BadCase("a post that is JSON of something else", "report", "--check", "other.json"),
  BadCase("a post that is cut JSON", "why", "4", "cut.sarif"),
  BadCase("data that is missing", "report", "--from-context", "gone.json"),
  BadCase("data that is not JSON", "report", "--from-context", "cut.sarif"),
  BadCase("data that is something else", "report", "--from-context", "other.json"),
  BadCase("a post into a missing folder", "report", "-o", "gone/post.md"),
  BadCase("a picture into a missing folder", "report", "--chart", "gone/chart.svg"),
]

/// Values that mean nothing.
let badValues: [BadCase] = [
  BadCase("a time that is none", "list", "--as-of", "yesterday"),
  BadCase("a commit that is not recorded", "list", "--as-of", "feedface"),
  BadCase("a journal's size that is none", "list", "--known-at", "feedface"),
  BadCase("a size beyond the journal", "list", "--known-at", "4000"),
  BadCase("a negative size", "list", "--known-at=-1"),
  BadCase("no configuration of that time", "list", "--config-as-of", "2026-02-01"),
  BadCase("a time of a configuration that is none", "report", "--config-as-of", "soon"),
  BadCase("a range without dots", "statement", "2026-03-01"),
  BadCase("a range backwards", "statement", "2026-03-02..2026-03-01"),
  BadCase("a range of nothing known", "statement", "v1.0..main"),
  BadCase("an unknown breakdown", "statement", "--by", "person"),
  BadCase("an unknown state", "list", "--state", "fixed"),
  BadCase("an unknown priority", "list", "--priority", "P9"),
  BadCase("a pattern that is none", "list", "--path", "src/[a"),
  BadCase("an unknown violation", "show", "T-000000"),
  BadCase("an id that is none", "show", "first!"),
  BadCase("an empty id", "show", ""),
  BadCase("an id of nothing but the prefix", "show", "T-"),
  BadCase("an unknown violation to waive", "waive", "T-000000", "--why", "x", "--until", "9d"),
  BadCase(
    "a waiver that ends before it begins",
    "waive",
    "T-000000",
    "--why",
    "x",
    "--until",
    "2026-01-01"
  ),
  BadCase("a waiver without a reason", "waive", "T-000000", "--why", " ", "--until", "9d"),
  BadCase("a waiver until nobody knows", "waive", "T-000000", "--why", "x", "--until", "soon"),
  BadCase(
    "a waiver from nobody knows",
    "waive",
    "T-0",
    "--why",
    "x",
    "--until",
    "9d",
    "--from",
    "5"
  ),
  BadCase("a sign-off without a reason", "attest", "operations", "--why", "", "--until", "9d"),
  BadCase("an unknown entry", "retract", "feedfacefeed", "--why", "x"),
  BadCase("an entry that is none", "retract", "first!", "--why", "x"),
  BadCase("an empty entry", "retract", "", "--why", "x"),
  BadCase("a retraction without a reason", "retract", "feedface", "--why", ""),
  BadCase("a measurement without a value", "measure", "rss_mb"),
  BadCase("a measurement without a name", "measure", "=4"),
  BadCase("a measurement that is no number", "measure", "rss_mb=much"),
  BadCase("a measurement with a bad name", "measure", "rss mb=4"),
]
