import Foundation
import TallyKit
import Testing
import Yams

/// The files for CI systems: taken apart as each system does it, and run.
///
/// Method: a real clone with a real remote, the system's variables, the built program; the ledger says what came of it.
@Suite struct IntegrationTests {
  @Test(
    "each host's file records for the commit and the branch that the host names",
    arguments: HostFile.all
  )
  func records(_ host: HostFile) throws {
    let runner = try Runner()
    try Tools.need("bash", in: runner.sandbox)
    let (scripts, own) = try host.read(host.text)
    runner.variables = host.variables.merging(own) { $1 }
    runner.variables["PATH"] = runner.path
    for script in scripts {
      #expect(!script.contains("${{"), "nothing is put into the text of a script")
      let outcome = try runner.run(script, shell: host.shell, with: [:])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("lintel@main  +6 brought forward"), "\(outcome.output)")
    }
    let list = try runner.sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    #expect(list.count == 6)
  }

  @Test("files are chosen by variable, and a missing report fails the job", arguments: HostFile.all)
  func files(_ host: HostFile) throws {
    let runner = try Runner()
    try Tools.need("bash", in: runner.sandbox)
    let (scripts, own) = try host.read(host.text)
    runner.variables = host.variables.merging(own) { $1 }
    runner.variables["PATH"] = runner.path
    let both = try runner.run(
      scripts[0],
      shell: host.shell,
      with: ["TALLY_FILES": "lint.sarif tests.xml"]
    )
    #expect(both.status == 0, "\(both.errors)")
    #expect(both.output.split(separator: "\n").count { $0.contains("@main") } == 2)
    let none = try runner.run(scripts[0], shell: host.shell, with: ["TALLY_FILES": "gone.sarif"])
    #expect(none.status == 2)
    #expect(none.errors.contains("gone.sarif"))
    let hostile = try runner.run(
      scripts[0],
      shell: host.shell,
      with: ["TALLY_FILES": "$(touch../owned) `touch owned`"]
    )
    #expect(hostile.status != 0)
    #expect(runner.sandbox.bytes("owned") == nil)
  }

  @Test("the files for GitLab and Jenkins post where TALLY_POST says so, before the gate decides")
  func posts() throws {
    for (index, options, place) in [
      (0, "--template weekly --issue 7", "55#7"), (0, "--template pull-request", "example/shop!12"),
      (1, "github --template weekly --issue 7", "example/shop#7"),
    ] {
      let host = HostFile.all[index]
      let runner = try Runner()
      try Tools.need("bash", "curl", in: runner.sandbox)
      let server = try HostServer(runner.sandbox)
      try runner.sandbox.write(
        "version: 1\nproject: shop\ncampaigns:\n  - id: tidy\n    title: Tidy up\n",
        to: "tally.yml"
      )
      let (scripts, own) = try host.read(host.text)
      #expect(own["TALLY_POST"] == "")
      runner.variables = host.variables.merging(own) { $1 }
      runner.variables["PATH"] = runner.path
      let more = [
        "TALLY_POST": options, "GITHUB_API_URL": server.address,
        "GITHUB_TOKEN": HostServer.Token.ada, "GITLAB_TOKEN": HostServer.Token.ada,
        "GITHUB_REPOSITORY": "example/shop", "CI_API_V4_URL": "\(server.address)/api/v4",
        "CI_PROJECT_ID": place.hasPrefix("55") ? "55" : "example/shop",
        "CI_MERGE_REQUEST_IID": place.hasSuffix("!12") ? "12" : "",
      ]
      for _ in 1...2 {
        let outcome = try runner.run(scripts[0], shell: host.shell, with: more)
        #expect(outcome.status == 0, "\(options): \(outcome.errors)")
        #expect(!(outcome.output + outcome.errors).contains("s3cr3t"))
      }
      #expect(try server.comments(place).count == 1, "\(options)")
      let broken = try runner.run(
        scripts[0],
        shell: host.shell,
        with: more.merging(["TALLY_POST": "$(touch owned)"]) { $1 }
      )
      #expect(broken.status != 0)
      #expect(runner.sandbox.bytes("owned") == nil)
    }
  }

  @Test(
    "a runner without tally takes it from the tarball, once its checksum is right",
    arguments: HostFile.all
  )
  func installs(_ host: HostFile) throws {
    let runner = try Runner()
    try Tools.need("bash", "curl", "sha256sum", in: runner.sandbox)
    if try runner.sandbox.shell("command -v tally").status == 0 {
      try Test.cancel("this machine has a tally of its own on its PATH")
    }
    let (scripts, own) = try host.read(host.text)
    runner.variables = host.variables.merging(own) { $1 }
    let archive = try runner.archive()
    runner.variables["TALLY_ARCHIVE"] = archive.address
    let wrong = try runner.run(
      scripts[0],
      shell: host.shell,
      with: ["TALLY_SHA256": String(repeating: "0", count: 64)]
    )
    #expect(wrong.status != 0)
    #expect(runner.sandbox.bytes("../home/.local/bin/tally") == nil)
    #expect(runner.sandbox.bytes() == nil)
    let right = try runner.run(
      scripts[0],
      shell: host.shell,
      with: ["TALLY_SHA256": archive.checksum]
    )
    #expect(right.status == 0, "\(right.errors)")
    #expect(runner.sandbox.bytes("../home/.local/bin/tally") != nil)
    #expect(right.output.contains("lintel@main  +6 brought forward"))
  }

  @Test("what tally init writes for a host runs there", arguments: PipelineHost.allCases)
  func written(_ host: PipelineHost) throws {
    let runner = try Runner()
    try Tools.need("bash", in: runner.sandbox)
    let answer = try runner.sandbox.json("init", "--host", host.rawValue, "--config", "x.yml")
    let pipeline = try #require((answer["pipelines"] as? [[String: Any]])?.first)
    let text = try #require(pipeline["text"] as? String)
    let script: String
    switch host {
    case .githubActions:
      let jobs = try HostFile.mapping(HostFile.mapping(Yams.load(yaml: text))["jobs"])
      let steps = try #require(HostFile.mapping(jobs["tally"])["steps"] as? [[String: Any]])
      script = try #require(steps.compactMap { $0["run"] as? String }.first)
    case .gitlab:
      let job = try HostFile.mapping(HostFile.mapping(Yams.load(yaml: text))["tally"])
      script = try #require(job["script"] as? [String]).joined(separator: "\n")
    case .jenkins: script = text.components(separatedBy: "'''")[1]
    case .azurePipelines:
      let steps = try #require(
        HostFile.mapping(Yams.load(yaml: text))["steps"] as? [[String: Any]]
      )
      script = try #require(steps.compactMap { $0["bash"] as? String }.first)
    case .buildkite:
      let steps = try #require(
        HostFile.mapping(Yams.load(yaml: text))["steps"] as? [[String: Any]]
      )
      script = try #require(steps[0]["command"] as? String).replacing("$$", with: "$")
    case .circleci:
      script = try #require(HostFile.all[4].read(text + "    environment: {}\n").scripts.first)
    }
    #expect(!script.contains("${{"))
    #expect(script.contains(#/tally ingest --push REPORT\.sarif\n *tally gate --base main\n/#))
    runner.variables["PATH"] = runner.path
    let ready = script.replacing("REPORT.sarif", with: "lint.sarif")
    let outcome = try runner.run(ready, shell: "bash -e", with: [:])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("+6 brought forward"))
  }

  @Test("the page on CI shows the shipped files as they are")
  func documentation() throws {
    let page = try String(
      contentsOf: Golden.project.appendingPathComponent("docs/ci.md"),
      encoding: .utf8
    )
    var shown: Set<String> = []
    for match in page.matches(of: #/<!-- file: (?<path>\S+) -->\n```\w+\n(?<text>(?:.|\n)*?)```\n/#)
    {
      let path = String(match.output.path)
      shown.insert(path)
      let file = Golden.project.appendingPathComponent(path)
      #expect(try String(contentsOf: file, encoding: .utf8) == match.output.text, "\(path)")
    }
    let expected =
      HostFile.all.map(\.path) + [
        "integrations/github/workflow.yml", ".pre-commit-hooks.yaml",
      ]
    #expect(shown == Set(expected))
    let folder = Golden.project.appendingPathComponent("integrations")
    let shipped = try #require(FileManager.default.enumerator(atPath: folder.path))
      .compactMap { $0 as? String }.filter { $0.contains(".") }.map { "integrations/\($0)" }
    #expect(Set(shipped).isSubset(of: shown), "every shipped file is on the page")
  }

  @Test("each hook of pre-commit runs what it says")
  func hooks() throws {
    let file = Golden.project.appendingPathComponent(".pre-commit-hooks.yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let hooks = try #require(Yams.load(yaml: text) as? [[String: Any]])
    #expect(hooks.compactMap { $0["id"] as? String } == ["tally-verify", "tally-gate"])
    for hook in hooks {
      for key in ["id", "name", "description", "entry", "language"] {
        #expect((hook[key] as? String)?.isEmpty == false, "\(key)")
      }
      #expect(hook["pass_filenames"] as? Bool == false)
    }
    let runner = try Runner()
    runner.variables["PATH"] = runner.path
    try runner.sandbox.ok("ingest", "lint.sarif")
    let entry = try #require(hooks[0]["entry"] as? String)
    let whole = try runner.run(entry, shell: "sh -e", with: [:])
    #expect(whole.status == 0, "\(whole.errors)")
    let pattern = try Regex(try #require(hooks[0]["files"] as? String))
    #expect("ledger.db".contains(pattern))
    #expect(!"x/ledger.dbx".contains(pattern))
    // A ledger that somebody edited is not committed.
    let ledger = runner.sandbox.folder.appendingPathComponent("ledger.db")
    var bytes = try Data(contentsOf: ledger)
    // Two pages, so that the head of one is among them, wherever there is room.
    let half = bytes.count / 2
    bytes.replaceSubrange(half..<half + 8192, with: Data(repeating: 0xA5, count: 8192))
    try bytes.write(to: ledger)
    #expect(try runner.run(entry, shell: "sh -e", with: [:]).status != 0)
    let gate = try #require(hooks[1]["entry"] as? String)
    #expect(gate.hasPrefix("tally gate --base "))
  }
}
