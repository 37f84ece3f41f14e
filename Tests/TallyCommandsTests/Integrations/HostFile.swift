import Foundation
import Testing
import Yams

/// A shipped file for a CI system, and how that system would run what stands in it.
struct HostFile: Sendable, CustomTestStringConvertible {
  let path: String
  /// What the system's shell is.
  let shell: String
  /// The system's variables for a push to main; `SHA` stands for the commit.
  let variables: [String: String]
  /// Scripts in the order in which they run, and the variables the file itself sets.
  let read: @Sendable (String) throws -> (scripts: [String], variables: [String: String])

  var testDescription: String { path }

  var text: String {
    get throws {
      try String(contentsOf: Golden.project.appendingPathComponent(path), encoding: .utf8)
    }
  }

  static let all = [
    HostFile(
      path: "integrations/gitlab/tally.yml",
      shell: "bash -e -o pipefail",
      variables: [
        "GITLAB_CI": "true", "CI_COMMIT_SHA": "SHA", "CI_COMMIT_BRANCH": "main",
        "CI_DEFAULT_BRANCH": "main", "CI_PROJECT_PATH": "example/shop",
      ],
      read: { text in
        let job = try mapping(mapping(Yams.load(yaml: text))[".tally"])
        // GitLab joins the lines of a job into one script.
        let lines = try #require(job["script"] as? [String])
        return ([lines.joined(separator: "\n")], try strings(job["variables"]))
      }
    ),
    HostFile(
      path: "integrations/jenkins/stage.groovy",
      shell: "sh -xe",
      variables: [
        "JENKINS_URL": "https://ci.example/", "GIT_COMMIT": "SHA", "GIT_BRANCH": "origin/main",
        "GIT_URL": "https://git.example/example/shop.git",
      ],
      read: { text in
        let parts = text.components(separatedBy: "'''")
        #expect(parts.count == 3)
        #expect(!parts[1].contains("\\"), "Groovy would take a backslash for its own")
        var variables: [String: String] = [:]
        for match in text.matches(of: #/(\w+) = '([^']*)'/#) {
          variables[String(match.output.1)] = String(match.output.2)
        }
        return ([parts[1]], variables)
      }
    ),
    HostFile(
      path: "integrations/azure/tally.yml",
      shell: "bash --noprofile --norc",
      variables: [
        "TF_BUILD": "True", "BUILD_SOURCEVERSION": "SHA", "BUILD_SOURCEBRANCH": "refs/heads/main",
        "BUILD_REPOSITORY_NAME": "example/shop",
      ],
      read: { text in
        let file = try mapping(Yams.load(yaml: text))
        var defaults: [String: String] = [:]
        for parameter in try #require(file["parameters"] as? [[String: Any]]) {
          let name = try #require(parameter["name"] as? String)
          defaults["${{ parameters.\(name) }}"] = parameter["default"] as? String
        }
        let steps = try #require(file["steps"] as? [[String: Any]])
        var variables: [String: String] = [:]
        for (name, value) in try strings(steps[0]["env"]) { variables[name] = defaults[value] }
        let script = try #require(steps[0]["bash"] as? String)
        #expect(!script.contains("$("), "Azure replaces $(…) before the shell sees it")
        return ([script], variables)
      }
    ),
    HostFile(
      path: "integrations/buildkite/pipeline.yml",
      shell: "bash -e",
      variables: [
        "BUILDKITE": "true", "BUILDKITE_COMMIT": "SHA", "BUILDKITE_BRANCH": "main",
        "BUILDKITE_REPO": "https://git.example/example/shop.git",
      ],
      read: { text in
        let steps = try #require(mapping(Yams.load(yaml: text))["steps"] as? [[String: Any]])
        let script = try #require(steps[0]["command"] as? String)
        // The upload of a pipeline makes one $ of two, and of one a variable of its own.
        #expect(!script.replacing("$$", with: "").contains("$"))
        return ([script.replacing("$$", with: "$")], try strings(steps[0]["env"]))
      }
    ),
    HostFile(
      path: "integrations/circleci/config.yml",
      shell: "bash -eo pipefail",
      variables: [
        "CIRCLECI": "true", "CIRCLE_SHA1": "SHA", "CIRCLE_BRANCH": "main",
        "CIRCLE_PROJECT_USERNAME": "example", "CIRCLE_PROJECT_REPONAME": "shop",
      ],
      read: { text in
        let file = try mapping(Yams.load(yaml: text))
        let job = try mapping(mapping(file["jobs"])["tally"])
        let steps = try #require(job["steps"] as? [Any]).compactMap { $0 as? [String: Any] }
        let run = try mapping(steps.compactMap { $0["run"] }.first)
        let script = try #require(run["command"] as? String)
        #expect(!script.contains("<<"), "CircleCI takes << for a parameter")
        return ([script], try strings(job["environment"]))
      }
    ),
  ]

  static func mapping(_ value: Any?) throws -> [String: Any] {
    try #require(value as? [String: Any])
  }

  static func strings(_ value: Any?) throws -> [String: String] {
    try mapping(value).mapValues { "\($0)" }
  }
}
