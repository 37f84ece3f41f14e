import Foundation
import Testing
import Yams

/// The GitHub Action: its steps run one after the other as a runner runs them.
///
/// Method: expressions are put in by this test only where the action gives them to `env` or `if`; a runner's files (`GITHUB_PATH`) are
/// real files.
@Suite struct ActionTests {
  private struct Action {
    struct Step {
      let script: String
      let variables: [String: String]
      let condition: String?
    }
    let inputs: [String: [String: Any]]
    let steps: [Step]

    init() throws {
      let file = Golden.project.appendingPathComponent("action.yml")
      let text = try String(contentsOf: file, encoding: .utf8)
      let action = try HostFile.mapping(Yams.load(yaml: text))
      inputs = try HostFile.mapping(action["inputs"]).mapValues { try HostFile.mapping($0) }
      let runs = try HostFile.mapping(action["runs"])
      #expect(runs["using"] as? String == "composite")
      steps = try #require(runs["steps"] as? [[String: Any]]).map { step in
        #expect(step["shell"] as? String == "bash")
        return Step(
          script: try #require(step["run"] as? String),
          variables: try HostFile.strings(step["env"]),
          condition: step["if"] as? String
        )
      }
    }

    /// Runs every step; stops at the first that fails.
    func run(
      on runner: Runner,
      inputs given: [String: String],
      event: [String: String] = [:]
    ) throws -> [Outcome] {
      var values: [String: String] = [:]
      for (name, input) in inputs { values[name] = given[name] ?? input["default"] as? String }
      let paths = runner.sandbox.outside.appendingPathComponent("temp/paths")
      try Data().write(to: paths)
      var outcomes: [Outcome] = []
      for step in steps {
        if let condition = step.condition {
          switch condition {
          case "inputs.gate == 'true'": if values["gate"] != "true" { continue }
          case "inputs.post != ''": if values["post"] == "" { continue }
          default: Issue.record("\(condition) is no condition that this test knows")
          }
        }
        var variables = [
          "GITHUB_PATH": paths.path, "RUNNER_TEMP": paths.deletingLastPathComponent().path,
          "GITHUB_ACTIONS": "true", "GITHUB_SHA": "SHA", "GITHUB_REF": "refs/heads/main",
          "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch", "GITHUB_EVENT_NAME": "push",
          "GITHUB_REPOSITORY": "example/shop",
        ].merging(event) { $1 }
        for (name, expression) in step.variables {
          variables[name] = try evaluate(expression, values)
        }
        let added = try String(contentsOf: paths, encoding: .utf8).split(separator: "\n")
        let own = runner.variables["PATH"] ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
        variables["PATH"] = (added.reversed().map(String.init) + [own]).joined(separator: ":")
        let outcome = try runner.run(
          step.script,
          shell: "bash --noprofile --norc -e -o pipefail",
          with: variables
        )
        outcomes.append(outcome)
        if outcome.status != 0 { break }
      }
      return outcomes
    }

    private func evaluate(_ expression: String, _ values: [String: String]) throws -> String {
      if let match = expression.wholeMatch(of: #/\$\{\{ inputs\.([a-z0-9-]+) \}\}/#) {
        return try #require(values[String(match.output.1)], "\(expression)")
      }
      #expect(
        expression
          == "${{ inputs.base || github.base_ref || github.event.repository.default_branch }}"
      )
      return values["base"].flatMap { $0.isEmpty ? nil : $0 } ?? "main"
    }
  }

  @Test(
    "nothing from outside is put into the text of a script, and every input is described and used"
  )
  func form() throws {
    let action = try Action()
    for step in action.steps { #expect(!step.script.contains("${{"), "\(step.script)") }
    let used = action.steps.flatMap { Array($0.variables.values) + [$0.condition ?? ""] }.joined()
    for (name, input) in action.inputs {
      #expect((input["description"] as? String)?.hasSuffix(".") == true, "\(name)")
      #expect(used.contains("inputs.\(name)"), "\(name)")
      #expect((input["required"] as? Bool == true) == (input["default"] == nil), "\(name)")
    }
    let file = Golden.project.appendingPathComponent("integrations/github/workflow.yml")
    let workflow = try HostFile.mapping(
      Yams.load(yaml: String(contentsOf: file, encoding: .utf8))
    )
    let jobs = try HostFile.mapping(workflow["jobs"])
    let steps = try #require(HostFile.mapping(jobs["scan"])["steps"] as? [[String: Any]])
    let uses = try #require(steps.first { ($0["uses"] as? String)?.hasSuffix("/tally@v1") == true })
    #expect(try Set(HostFile.mapping(uses["with"]).keys).isSubset(of: action.inputs.keys))
  }

  @Test("records every report that the patterns find, with its options")
  func records() throws {
    let runner = try Runner()
    try Tools.need("bash", in: runner.sandbox)
    runner.variables["PATH"] = runner.path
    try runner.sandbox.lint(Linter(tool: "other"), to: "out/deep/a b.sarif")
    let outcomes = try Action().run(
      on: runner,
      inputs: [
        "files": "lint.sarif\n\nout/**/*.sarif\ntests.xml\n", "category": "night $(id)",
        "push": "false", "gate": "false",
      ]
    )
    #expect(outcomes.map(\.status) == [0, 0], "\(outcomes.map(\.errors))")
    let lines = outcomes[1].output.split(separator: "\n")
    #expect(lines.count { $0.contains("@main") } == 3)
    #expect(outcomes[1].output.contains("night $(id)"))
    #expect(runner.sandbox.bytes() != nil)
  }

  @Test("a scanner that failed is said to have failed")
  func failed() throws {
    let runner = try Runner()
    try Tools.need("bash", in: runner.sandbox)
    runner.variables["PATH"] = runner.path
    let outcomes = try Action().run(
      on: runner,
      inputs: ["files": "*.sarif", "failed": "true", "push": "false", "gate": "false"]
    )
    #expect(outcomes.map(\.status) == [0, 0], "\(outcomes.map(\.errors))")
    #expect(outcomes[1].output.contains("did not finish: closes nothing"))
  }

  @Test("names with commands in them are names, and no report at all is an error")
  func hostile() throws {
    let runner = try Runner()
    try Tools.need("bash", in: runner.sandbox)
    runner.variables["PATH"] = runner.path
    for files in [
      "$(touch owned)", "`touch owned`", "x; touch owned", "--ledger\n/etc/passwd", "-", "${{ x }}",
    ] {
      let outcomes = try Action().run(
        on: runner,
        inputs: ["files": files, "push": "false", "gate": "false"]
      )
      #expect(outcomes.last?.status != 0, "\(files)")
      #expect(runner.sandbox.bytes("owned") == nil, "\(files)")
      #expect(runner.sandbox.bytes() == nil, "\(files)")
    }
    let none = try Action().run(
      on: runner,
      inputs: ["files": "no/**/*.sarif", "push": "false", "gate": "false"]
    )
    #expect(none.last?.status == 2)
    #expect(none.last?.output == "::error::no report fits the input 'files'\n")
  }

  @Test("pushes and holds the gate, as soon as the program can")
  func whole() throws {
    guard try Runner.knows("gate"), try Runner.knows("ingest", option: "push") else {
      try Test.cancel("this tally has no gate and no ingest --push")
    }
    let runner = try Runner()
    try Tools.need("bash", in: runner.sandbox)
    runner.variables["PATH"] = runner.path
    let outcomes = try Action().run(on: runner, inputs: ["files": "lint.sarif\ntests.xml"])
    #expect(outcomes.map(\.status) == [0, 0, 0], "\(outcomes.map(\.errors))")
    let refs = try runner.sandbox.git("ls-remote", "origin", "refs/tally/ledger")
    #expect(!refs.isEmpty)
  }

  @Test("posts where the work stands on main, and what a pull request changes; both once")
  func posts() throws {
    let runner = try Runner()
    try Tools.need("bash", "curl", in: runner.sandbox)
    runner.variables["PATH"] = runner.path
    let server = try HostServer(runner.sandbox)
    runner.variables["GITHUB_API_URL"] = server.address
    try runner.sandbox.write(
      "version: 1\nproject: shop\ncampaigns:\n  - id: tidy\n    title: Tidy up\n    issue: 7\n",
      to: "tally.yml"
    )
    var inputs = ["files": "lint.sarif", "token": HostServer.Token.workflow, "gate": "false"]
    inputs["post"] = "--template status-update --campaign tidy"
    for _ in 1...2 {
      let outcomes = try Action().run(on: runner, inputs: inputs)
      #expect(outcomes.map(\.status) == [0, 0, 0], "\(outcomes.map(\.errors))")
      #expect(!outcomes.map { $0.output + $0.errors }.joined().contains("s3cr3t"))
    }
    #expect(try server.comments().count == 1)
    #expect(try server.comments()[0].hasPrefix("## Tidy up (#7)"))

    inputs["post"] = "--template pull-request"
    let event = [
      "GITHUB_EVENT_NAME": "pull_request", "GITHUB_REF": "refs/pull/12/merge",
      "GITHUB_REF_NAME": "12/merge", "GITHUB_HEAD_REF": "tidy", "GITHUB_BASE_REF": "main",
    ]
    let outcomes = try Action().run(on: runner, inputs: inputs, event: event)
    #expect(outcomes.map(\.status) == [0, 0, 0], "\(outcomes.map(\.errors))")
    #expect(try server.comments("example/shop#12").count == 1)
    #expect(try server.comments("example/shop#12")[0].contains("`\(runner.commit.prefix(9))`"))

    for post in ["$(touch owned)", "; touch owned", "--template *"] {
      inputs["post"] = post
      #expect(try Action().run(on: runner, inputs: inputs).last?.status != 0, "\(post)")
      #expect(runner.sandbox.bytes("owned") == nil, "\(post)")
    }
  }

  @Test("takes the program from the tarball where the runner has none")
  func installs() throws {
    let runner = try Runner()
    try Tools.need("bash", "curl", "sha256sum", in: runner.sandbox)
    if try runner.sandbox.shell("command -v tally").status == 0 {
      try Test.cancel("this machine has a tally of its own on its PATH")
    }
    let archive = try runner.archive()
    var inputs = ["files": "lint.sarif", "push": "false", "gate": "false"]
    inputs["archive"] = archive.address
    inputs["sha256"] = String(repeating: "0", count: 64)
    #expect(try Action().run(on: runner, inputs: inputs).map(\.status) != [0, 0])
    #expect(runner.sandbox.bytes() == nil)
    inputs["sha256"] = archive.checksum
    let outcomes = try Action().run(on: runner, inputs: inputs)
    #expect(outcomes.map(\.status) == [0, 0], "\(outcomes.map(\.errors))")
    #expect(outcomes[1].output.contains("+6 brought forward"))
  }
}
