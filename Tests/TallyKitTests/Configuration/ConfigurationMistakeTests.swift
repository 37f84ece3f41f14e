import TallyKit
import Testing

/// What is said about a `tally.yml` with mistakes.
struct ConfigurationMistakeTests {
  /// Pins sentence, place and hint of every kind of mistake.
  @Test(
    "each mistake has a place, a sentence and a hint",
    arguments: [
      ("", ":0:0 the file is empty | begin with 'version: 1'"),
      ("# only a comment\n", ":0:0 the file is empty | begin with 'version: 1'"),
      ("- 1\n", ":1:1 the file must be a mapping of keys to values, but it is a list"),
      ("hello", ":1:1 the file must be a mapping of keys to values, but it is 'hello'"),
      ("project: x", ":1:1 the file needs the key 'version' | begin with 'version: 1'"),
      (
        "version: 2",
        ":1:10 this program reads version 1 of the form, but the file has 2 | use a newer tally"
      ),
      ("version: \"1\"", ":1:10 'version' must be a whole number, but it is the text '1'"),
      ("version: 0", ":1:10 'version' must be at least 1, but it is 0"),
      (
        "version: 1\nprojct: x",
        ":2:1 unknown key 'projct' in the file | did you mean 'project'?"
      ),
      (
        "version: 1\ncriteria: []",
        ":2:1 unknown key 'criteria' in the file | 'criteria' belongs to 'campaigns[]'"
      ),
      (
        "version: 1\nwaivers: {zzz: 1}",
        ":2:11 unknown key 'zzz' in 'waivers' | known keys: longest, who, at_most, reason"
      ),
      ("version: 1\nversion: 1", ":1:1 the key 'version' is there twice | keep one of them"),
      ("version: 1\nproject: [a]", ":2:10 'project' must be a text, but it is a list"),
      ("version: 1\nproject: \"\"", ":2:10 'project' must not be empty | leave it out instead"),
      (
        "version: 1\nstale_after: 14",
        ":2:14 'stale_after' must be a length of time, but it is '14' | write a number and one of w, d, h, m, such as 14d"
      ),
      (
        "version: 1\nrepository_url: github.com/a/b",
        ":2:17 'repository_url' must be an address, but it is 'github.com/a/b' | begin with https://"
      ),
      (
        "version: 1\nrepository_url: https://me:secret@github.com/a/b",
        ":2:17 'repository_url' holds a user name or a password | leave it out"
      ),
      (
        "version: 1\ntime_zone: Berlin",
        ":2:12 'time_zone' must be UTC or the name of a zone, but it is 'Berlin' | write it as Europe/Berlin"
      ),
      (
        "version: 1\ntemplates: ../x",
        ":2:12 'templates' must be a path below the folder of tally.yml, but it is '../x' | put the file into the repository"
      ),
      ("version: 1\nlanes: {tool: x}", ":2:8 'lanes' must be a list, but it is a mapping"),
      ("version: 1\nlanes: [{category: x}]", ":2:9 'lanes[]' needs the key 'tool'"),
      (
        "version: 1\nrule_aliases: {A: B, B: A}",
        """
        :2:16 the alias 'A' leads back to itself | name the newest id last
        :2:22 the alias 'B' leads back to itself | name the newest id last
        """
      ),
      (
        "version: 1\nrule_aliases:\n  ruff: {A: B, B: A}\n  Ruff: {C: D}\n  x: [A]\n  y: {E: [F], G: }",
        """
        :3:10 the alias 'A' leads back to itself | name the newest id last
        :3:16 the alias 'B' leads back to itself | name the newest id last
        :4:3 'Ruff' of 'rule_aliases' is no tool: their ids are lowercase | write it as 'ruff'
        :5:6 the meaning of 'x' must be a text, but it is a list
        :6:10 the meaning of 'E' must be a text, but it is a list
        :6:18 the meaning of 'G' must be a text, but it is empty
        """
      ),
      ("version: 1\nwaivers: {who: x}", ":2:16 'who' must be a list, but it is 'x' | write [x]"),
      ("version: 1\ncampaigns: [{}]", ":2:13 'campaigns[]' needs the key 'id'"),
      (
        "version: 1\ncampaigns: [{id: a b}]",
        ":2:18 the id 'a b' may hold letters, digits, '.', '_' and '-' only | it is typed after --campaign"
      ),
      (
        "version: 1\ncampaigns: [{id: a}, {id: a}]",
        ":2:22 'campaigns' has two entries named 'a' | rename one of them"
      ),
      (
        "version: 1\ncampaigns: [{id: a, due: soon}]",
        ":2:26 'due' must be a date, but it is 'soon' | write year, month and day, such as 2026-12-18"
      ),
      (
        "version: 1\ncampaigns: [{id: a, due: 2026-02-30}]",
        ":2:26 'due' must be a date, but it is '2026-02-30' | write year, month and day, such as 2026-12-18"
      ),
      (
        "version: 1\ncampaigns: [{id: a, target: -1}]",
        ":2:29 'target' must be at least 0, but it is -1"
      ),
      (
        "version: 1\ncampaigns: [{id: a, select: {levels: [warn]}}]",
        ":2:39 'levels' must be error, warning, note or none, but it is 'warn' | did you mean 'warning'?"
      ),
      (
        "version: 1\ncampaigns: [{id: a, select: {rule: [X]}}]",
        ":2:30 unknown key 'rule' in 'campaigns[].select' | did you mean 'rules'?"
      ),
      (
        "version: 1\ncampaigns: [{id: a, select: {paths: [/src, 'a[b', 'a\\b', ./c]}}]",
        """
        :2:38 '/src' must be a pattern over paths from the top of the repository | write it without the leading '/'
        :2:44 'a[b' is no pattern: a bracket '[' is not closed
        :2:51 'a\\b' separates folders with '\\' | write '/' instead
        :2:58 './c' must be a pattern over paths from the top of the repository | write it without the leading './'
        """
      ),
      (
        "version: 1\ncampaigns: [{id: a, baseline: {commit: main}}]",
        ":2:40 'commit' must be the name of a commit, but it is 'main' | write 7 to 64 hexadecimal digits: a branch would move"
      ),
      (
        "version: 1\ncampaigns: [{id: a, baseline: {number: 43, date: 2026-01-01}}]",
        ":2:31 a baseline is a commit, a date or a number, but this one has date and number"
      ),
      (
        "version: 1\ncampaigns: [{id: a, baseline: {}}]",
        ":2:31 a baseline is a commit, a date or a number, but this one has none of them"
      ),
      (
        "version: 1\ncampaigns: [{id: a, priorities: [{id: unassigned}]}]",
        ":2:39 'unassigned' is what no priority takes | choose another id"
      ),
      (
        "version: 1\ncampaigns: [{id: a, metrics: [{name: x, better: less, target: many}]}]",
        """
        :2:49 'better' must be lower or higher, but it is 'less'
        :2:63 'target' must be a number, but it is 'many'
        """
      ),
      (
        "version: 1\ncampaigns: [{id: a, criteria: [{title: x}]}]",
        ":2:32 a criterion needs something to check | add one of violations, tests, measurement, no_new, attested"
      ),
      (
        "version: 1\ncampaigns: [{id: a, criteria: [{title: x, violations: 0, attested: y}]}]",
        ":2:32 a criterion checks one thing, but this one has violations and attested | write a criterion for each"
      ),
      (
        "version: 1\ncampaigns: [{id: a, criteria: [{title: x, tests: green}]}]",
        ":2:50 'tests' must be passing or a mapping, but it is 'green' | write passing, or {match: \"tests/**\", passing: true}"
      ),
      (
        "version: 1\ncampaigns: [{id: a, criteria: [{title: x, tests: {passing: false}}]}]",
        ":2:60 'passing' must be true | tests that have to fail cannot be asked for"
      ),
      (
        "version: 1\ncampaigns: [{id: a, criteria: [{title: x, measurement: {name: y}}]}]",
        ":2:56 a measurement needs one limit, but this one has none | write at_most or at_least with a number or baseline"
      ),
      (
        "version: 1\ncampaigns: [{id: a, criteria: [{title: x, measurement: {name: y, at_most: low}}]}]",
        ":2:75 'at_most' must be a number or baseline, but it is 'low'"
      ),
      (
        "version: 1\ncampaigns: [{id: a, criteria: [{title: x, no_new: {since: last}}]}]",
        ":2:59 'since' must be baseline, last report or merge base, but it is 'last' | did you mean 'last report'?"
      ),
      (
        "version: 1\ncampaigns: [{id: a, narrative: {business: /etc/passwd}}]",
        ":2:43 'business' must be a path below the folder of tally.yml, but it is '/etc/passwd' | put the file into the repository"
      ),
      (
        "version: 1\nproject: {<<: 1}\nwaivers: {<<: 1}",
        """
        :2:10 'project' must be a text, but it is a mapping
        :3:11 unknown key '<<' in 'waivers' | merge keys are not supported: repeat the keys
        """
      ),
      (
        "version: 1\ncampaigns: [{id: a, select: {paths: [*.py]}}]",
        ":2:39 this is not valid YAML: while scanning an alias, did not find expected alphabetic or numeric character | put quotes around a text that begins with * or &"
      ),
      (
        "version: 1\ncampaigns: [{id: a, select: {paths: [*py]}}]",
        ":2:38 this is not valid YAML: found undefined alias | put quotes around a text that begins with * or &"
      ),
      (
        "version: 1\nwaivers:\n\tlongest: 3d",
        ":3:1 this is not valid YAML: while scanning for the next token, found character that cannot start any token | indent with blanks, not with tabs"
      ),
      (
        "version: 1\n---\nversion: 1\n",
        ":2:1 this is not valid YAML: expected a single document in the stream, but found another document | a tally.yml is one document: remove the ---"
      ),
    ] as [(String, String)]
  )
  func mistakes(_ text: String, _ expected: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try TallyConfiguration.parse(text) }
    let found = error?.mistakes.map { mistake in
      ":\(mistake.line):\(mistake.column) \(mistake.sentence)"
        + (mistake.hint.map { " | \($0)" } ?? "")
    }
    #expect(found?.joined(separator: "\n") == expected)
  }

  @Test("all mistakes are told in one go, in the order of the file")
  func all() {
    let error = #expect(throws: ConfigurationError.self) {
      try TallyConfiguration.parse(
        """
        version: 1
        stale_after: soon
        campaigns:
          - id: a
            prioritys: []
            due: never
        """,
        file: "conf/tally.yml"
      )
    }
    #expect(
      error?.description == """
        conf/tally.yml has 3 mistakes
        conf/tally.yml:2:14: 'stale_after' must be a length of time, but it is 'soon' (write a number and one of w, d, h, m, such as 14d)
        conf/tally.yml:5:5: unknown key 'prioritys' in 'campaigns[]' (did you mean 'priorities'?)
        conf/tally.yml:6:10: 'due' must be a date, but it is 'never' (write year, month and day, such as 2026-12-18)
        """
    )
    #expect(error?.code == "config.invalid")
  }

  @Test("one mistake is one line, with its hint apart")
  func one() {
    let error = #expect(throws: ConfigurationError.self) {
      try TallyConfiguration.parse("version: 1\nledgr: x")
    }
    #expect(error?.description == "tally.yml:2:1: unknown key 'ledgr' in the file")
    #expect(error?.hint == "did you mean 'ledger'?")
  }

  @Test("bytes that are not UTF-8 are refused")
  func encoding() {
    let error = #expect(throws: ConfigurationError.self) {
      try TallyConfiguration.parse(utf8: [0x61, 0xFF])
    }
    #expect(error?.description == "tally.yml: the file is not UTF-8")
  }

  @Test("aliases of aliases, depth and length end soon", .timeLimit(.minutes(1)))
  func bombs() {
    var bomb = "version: 1\nx0: &x0 [a, a, a, a, a, a, a, a, a, a]\n"
    for level in 1...9 {
      let list = Array(repeating: "*x\(level - 1)", count: 10).joined(separator: ", ")
      bomb += "x\(level): &x\(level) [\(list)]\n"
    }
    let texts = [
      bomb + "lanes: *x9\n", bomb + "campaigns: [{id: a, select: {rules: *x9}}]\n",
      bomb + "? *x9\n: 1\n", bomb + "*x9 : 1\n", bomb + "[*x9]: 1\n", bomb + "{a: {*x9 : 1}}",
      bomb + "a: {? *x9 : 1}\n", "version: 1\na: " + String(repeating: "[", count: 100_000),
      "version: 1\na: " + String(repeating: "- ", count: 100_000),
      String(repeating: "a", count: 2_000_000),
      "version: 1\nlanes: [" + String(repeating: "x,", count: 300_000) + "x]",
      "version: 1\nproject: \u{1}", "%YAML 9.9\n---\nversion: 1\n", "version: 1\n\"\\q\": 1",
    ]
    for text in texts {
      #expect(throws: ConfigurationError.self) { try TallyConfiguration.parse(text) }
    }
  }
}
