import Foundation
import Testing

/// Everything that is refused: one sentence, a code, a hint, status 2, nothing on standard output, and no byte of a ledger changed.
///
/// Method: one played history, the cases one after the other; what the program says of all of them is one golden, to be read by people.
@Suite struct BadInputTests {
  @Test("every refusal is one that a person would accept, and changes nothing")
  func all() throws {
    let sandbox = try Self.prepared()
    let golden = Golden("bad-input.txt")
    let groups = [
      ("Reports", badReports), ("Places", badPlaces), ("Ledgers", badLedgers),
      ("Configuration, templates, data", badConfigurations), ("Values", badValues),
      ("Sharing", badSharing),
    ]
    var text = ""
    for (group, cases) in groups {
      text += "==== \(group)\n\n"
      for item in cases {
        if let section = try section(item, sandbox) {
          text += section + "\n"
        } else if let known = golden.section(titled: "# \(item.title)") {
          // The machine cannot do it (no namespaces, no setpriv): what was recorded stands.
          text += known + "\n"
        }
      }
    }
    try golden.expect(text)
  }

  /// Runs a case, checks it, and gives its part of the golden; nil where the machine cannot run it.
  private func section(_ item: BadCase, _ sandbox: Sandbox) throws -> String? {
    let place = item.place.map { sandbox.outside.appendingPathComponent($0) } ?? sandbox.folder
    let before = try Self.state(of: sandbox.outside)
    sandbox.environment = item.variables
    defer { sandbox.environment = [:] }
    let outcome: Outcome
    if let script = item.script {
      let words = ([Sandbox.path] + item.arguments).map { "'\($0)'" }.joined(separator: " ")
      outcome = try sandbox.shell("set -- \(words)\n\(script)")
      if outcome.status == 77 { return nil }
    } else {
      let input = item.input.map { Data($0.utf8) }
      outcome = try sandbox.run(item.arguments, input: input, in: place)
    }
    let title = Comment(rawValue: "\(item.title): \(outcome.errors)")
    #expect(outcome.status == 2, title)
    #expect(outcome.output == "", title)
    #expect(
      outcome.errors.wholeMatch(of: #/error: [^\0]+ \[[a-z]+(\.[a-z-]+)*\]\nhint: [^\n]+\n/#)
        != nil,
      title
    )
    for word in [sandbox.outside.path, "Error Domain", "Optional(", "Error(", "NSCocoa"] {
      #expect(!outcome.errors.contains(word), title)
    }
    #expect(try Self.state(of: sandbox.outside) == before, title)
    let call = item.arguments.map { $0.isEmpty || $0.contains(" ") ? "'\($0)'" : $0 }
    return "# \(item.title)\n$ tally \(call.joined(separator: " "))\n\(outcome.errors)"
  }

  /// The content of every database and the names of every other file below a folder.
  private static func state(of folder: URL) throws -> [String: Data] {
    var result: [String: Data] = [:]
    let walker = FileManager.default.enumerator(atPath: folder.path)
    while let path = walker?.nextObject() as? String {
      if path.contains(".git/") { continue }
      let isDatabase = path.hasSuffix(".db")
      let file = folder.appendingPathComponent(path).path
      result[path] = isDatabase ? FileManager.default.contents(atPath: file) : Data()
    }
    return result
  }

  /// A played history with every file that the cases name.
  private static func prepared() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let sarif = try sandbox.read("lint.sarif")
    try sandbox.write(String(sarif.prefix(sarif.count / 2)), to: "cut.sarif")
    try sandbox.write("Nothing to see here.\n", to: "notes.sarif")
    try sandbox.write("{\"hello\": [1, 2]}\n", to: "other.json")
    try sandbox.write(#"{"version": "2.0.0", "runs": []}"#, to: "old.sarif")
    try sandbox.write(#"{"runs": [{"tool": {"driver": {"name": "x"}}}]}"#, to: "bare.sarif")
    try sandbox.write(#"{"version": "2.1.0", "runs": [], "runs": []}"#, to: "twice.sarif")
    try sandbox.write(
      #"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": 7}]}"#,
      to: "typed.sarif"
    )
    try sandbox.write(#"{"version": "2.1.0", "runs": []}"#, to: "none.sarif")
    try sandbox.write(try #require(sarif.data(using: .utf16LittleEndian)), to: "wide.sarif")
    try sandbox.write("", to: "empty.sarif")
    try sandbox.write(" \n\n", to: "blank.sarif")
    try sandbox.write(Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B]), to: "cut.sarif.gz")
    try sandbox.write("<html><body/></html>\n", to: "page.xml")
    try sandbox.write("<testsuites><testsuite name=\"a\"><testcase ", to: "cut.xml")
    try sandbox.write(
      "<!DOCTYPE a [<!ENTITY b \"c\">]>\n<testsuites>&b;</testsuites>\n",
      to: "bomb.xml"
    )
    try sandbox.write("<!DOCTYPE html>\n<html><body/></html>\n", to: "login.xml")
    try sandbox.write(
      Data((0..<9000).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }),
      to: "random.db"
    )
    let ledger = try #require(sandbox.bytes())
    try sandbox.write(ledger.prefix(ledger.count / 2), to: "cut.db")
    // The layout's number is the big-endian word at 60.
    for (name, number) in [("older.db", UInt8(1)), ("newer.db", 99)] {
      var other = ledger
      other[63] = number
      try sandbox.write(other, to: name)
    }
    // The mark of the program is the big-endian word at 68.
    var foreign = ledger
    foreign.replaceSubrange(68..<72, with: [0x0F, 0x05, 0x51, 0x12])
    try sandbox.write(foreign, to: "foreign.db")
    try sandbox.write(ledger, to: "locked/ledger.db")
    try FileManager.default.createDirectory(
      at: sandbox.folder.appendingPathComponent("full"),
      withIntermediateDirectories: true
    )
    let linter = Linter()
    let results = (0..<2000).map {
      linter.finding("no-eval", "src/app.py", line: 2, column: $0 + 1, "Message \($0)")
    }
    try sandbox.write(try Linter.log([linter.run(results)]), to: "late.sarif")
    try writeConfigurations(sandbox)
    try makePlaces(sandbox, sarif: sarif)
    try sandbox.makeShares()
    return sandbox
  }

  private static func writeConfigurations(_ sandbox: Sandbox) throws {
    let good = try sandbox.read("tally.yml")
    func bad(_ name: String, _ text: String) throws { try sandbox.write(text, to: "bad/\(name)") }
    try bad("yaml.yml", "version: 1\ncampaigns:\n  - id: x\n   title: y\n")
    try bad("key.yml", good.replacingOccurrences(of: "stale_after", with: "stale_afte"))
    try bad(
      "several.yml",
      "version: 1\nprojet: shop\nstale_after: soon\ncampaigns:\n  - title: x\n"
    )
    try bad("newer.yml", good.replacingOccurrences(of: "version: 1", with: "version: 2"))
    try sandbox.write(
      Data("version: 1\nproject: caf\u{E9}".unicodeScalars.map { UInt8($0.value) }),
      to: "bad/latin.yml"
    )
    try bad("partial.yml", good + "    narrative: {assessment: texts/assessment.md}\n")
    try bad("none.yml", "version: 1\nproject: shop\n")
    try bad("two.yml", good + "  - {id: other, title: Other}\n")
    try bad(
      "baseline.yml",
      good.replacingOccurrences(of: "{date: 2026-03-01}", with: "{commit: feedface}")
    )
    try bad("templates.yml", good + "templates: posts\n")
    try bad("posts/wrong.md", "# {{campaign.title}}\n\n{{#campaign.opne}}{{/campaign.opne}}\n")
    try bad("posts/round.md", "{{> half}}\n")
    try bad("posts/partials/half.md", "{{campaign.title}} {{> other-half}}\n")
    try bad("posts/partials/other-half.md", "{{> half}}\n")
    try bad("posts/parts.md", "{{campaign.title}}\n{{> remainig}}\n")
  }

  private static func makePlaces(_ sandbox: Sandbox, sarif: String) throws {
    let manager = FileManager.default
    let names = ["shallow", "fresh", "detached", "plain", "configured", "broken/inside", "damaged"]
    let places =
      names
      .map { sandbox.outside.appendingPathComponent($0) }
    for place in places {
      try manager.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(sarif.utf8).write(to: place.appendingPathComponent("lint.sarif"))
    }
    for place in places.prefix(3) { try sandbox.git("init", "-q", "-b", "main", ".", in: place) }
    let address = "file://\(sandbox.folder.path)"
    try sandbox.git("fetch", "-q", "--depth", "1", address, "main", in: places[0])
    try sandbox.git("reset", "-q", "--hard", "FETCH_HEAD", in: places[0])
    try sandbox.git("fetch", "-q", address, "main", in: places[2])
    try sandbox.git("checkout", "-q", "--detach", "FETCH_HEAD", in: places[2])
    try damage(places[6], sandbox)
    let yml = places[4].appendingPathComponent("tally.yml")
    try Data("version: 1\nproject: shop\n".utf8).write(to: yml)
    try sandbox.git("init", "-q", ".", in: places[5].deletingLastPathComponent())
    let broken = places[5].deletingLastPathComponent().appendingPathComponent("tally.yml")
    try Data("version: one\n".utf8).write(to: broken)
  }

  /// A repository whose commit is there, and the list of its files is not.
  private static func damage(_ place: URL, _ sandbox: Sandbox) throws {
    try sandbox.git("init", "-q", "-b", "main", ".", in: place)
    try sandbox.git("fetch", "-q", "file://\(sandbox.folder.path)", "main", in: place)
    try sandbox.git("reset", "-q", "--hard", "FETCH_HEAD", in: place)
    let tree = try sandbox.git("rev-parse", "HEAD^{tree}", in: place)
    try FileManager.default.removeItem(
      at: place.appendingPathComponent(".git/objects/\(tree.prefix(2))/\(tree.dropFirst(2))")
    )
  }

  @Test(
    "wrong usage has status 64 and says how it is used",
    arguments: [
      [], ["--ledgr", "x"], ["lint.sarif", "--sequence", "one"], ["lint.sarif", "--output", "xml"],
    ]
  )
  func usage(_ arguments: [String]) throws {
    let sandbox = try Sandbox(git: false)
    let outcome = try sandbox.run(["ingest"] + arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("Usage: tally ingest"))
  }
}
