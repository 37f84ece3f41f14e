import Foundation
import TallyGit

/// Finds out which CI system the process runs on, and what it says about the run.
public enum CIEnvironment {
  /// Reads the variables; nil when they are those of no known system.
  ///
  /// Pure: the same variables give the same facts.
  ///
  /// - Parameters:
  ///   - environment: The variables of the process.
  ///   - event: The text of the file at ``eventPath(_:)``; without it a pull request's head is looked up in the repository.
  /// - Returns: What the system says.
  public static func detect(_ environment: [String: String], event: String? = nil) -> CIFacts? {
    guard let provider = provider(of: environment) else { return nil }
    var facts = CIFacts(provider: provider)
    switch provider {
    case .githubActions: readGitHub(environment, event: event, into: &facts)
    case .gitlab: readGitLab(environment, into: &facts)
    case .jenkins: readJenkins(environment, into: &facts)
    case .azurePipelines: readAzure(environment, into: &facts)
    case .buildkite: readBuildkite(environment, into: &facts)
    case .circleci: readCircleCI(environment, into: &facts)
    case .bitbucket: readBitbucket(environment, into: &facts)
    case .travis: readTravis(environment, into: &facts)
    case .drone: readDrone(environment, into: &facts)
    }
    facts.run = run(provider, environment)
    // Where a tag is built, some systems give its name for the branch's.
    if facts.tag == nil { facts.tag = tagName(ofRef: facts.branch) }
    if let tag = facts.tag, facts.pullRequest == nil,
      [tag, "tags/\(tag)", "refs/tags/\(tag)"].contains(facts.branch)
    {
      facts.branch = nil
    }
    facts.commit = facts.commit.flatMap(digits)
    if var request = facts.pullRequest {
      request.headCommit = request.headCommit.flatMap(digits)
      request.mergeCommit = request.mergeCommit.flatMap(digits)
      // A fork's branch may have the name of ours: its findings must not come into our lane.
      if request.headBranch != nil, request.headBranch == request.baseBranch {
        request.headBranch = request.number.map { "pull/\($0)" }
        if facts.branch == request.baseBranch, provider != .githubActions {
          facts.branch = request.headBranch
        }
      }
      facts.pullRequest = request
    }
    return facts
  }

  /// The file whose text ``detect(_:event:)`` can use; nil when there is none.
  public static func eventPath(_ environment: [String: String]) -> String? {
    provider(of: environment) == .githubActions ? environment[.githubEventPath] : nil
  }

  private static func provider(of environment: [String: String]) -> CIProvider? {
    func isTrue(_ variable: EnvironmentVariable) -> Bool {
      environment[variable]?.lowercased() == "true"
    }
    if isTrue(.githubActions) { return .githubActions }
    if isTrue(.gitlabCi) { return .gitlab }
    if isTrue(.tfBuild) { return .azurePipelines }
    if isTrue(.buildkite) { return .buildkite }
    if isTrue(.circleci) { return .circleci }
    if environment[.bitbucketBuildNumber] != nil { return .bitbucket }
    if isTrue(.travis) { return .travis }
    if isTrue(.drone) { return .drone }
    return environment[.jenkinsURL] != nil ? .jenkins : nil
  }

  /// A commit's full name; nil for `HEAD` and the like.
  private static func digits(_ text: String) -> String? {
    let isName = (text.utf8.count == 40 || text.utf8.count == 64) && text.allSatisfy(\.isHexDigit)
    return isName ? text.lowercased() : nil
  }

  /// The name of a branch without `refs/heads/`.
  static func shortBranch(_ ref: String?) -> String? {
    guard let ref else { return nil }
    for prefix in ["refs/heads/", "refs/remotes/origin/"] where ref.hasPrefix(prefix) {
      return String(ref.dropFirst(prefix.count))
    }
    return ref
  }

  /// The name in `refs/tags/v1.2`; nil for a ref that is no tag's.
  static func tagName(ofRef ref: String?) -> String? {
    guard let ref, ref.hasPrefix("refs/tags/") else { return nil }
    return String(ref.dropFirst("refs/tags/".count))
  }

  /// The number in `refs/pull/12/merge`.
  static func pullNumber(ofRef ref: String?) -> Int? {
    let parts = (ref ?? "").split(separator: "/")
    guard parts.count == 4, parts[0] == "refs", parts[1] == "pull" else { return nil }
    return Int(parts[2])
  }

  /// `owner:branch` for a fork, where both slugs are known and differ.
  static func forkBranch(_ branch: String?, from source: String?, to target: String?) -> String? {
    guard let branch, let source, let target, source != target else { return branch }
    // GitLab's owner may be a group of groups.
    return source.split(separator: "/").dropLast().joined(separator: "/") + ":" + branch
  }
}

/// Reads the few values of GitHub's event file that are needed.
struct GitHubEvent {
  private let root: [String: Any]

  /// Takes the text apart; empty when it is not JSON.
  init(_ text: String?) {
    let data = Data((text ?? "").utf8)
    root = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
  }

  /// A text by the keys that lead to it.
  func text(_ path: String...) -> String? { value(path) as? String }

  /// A number by the keys that lead to it.
  func number(_ path: String...) -> Int? { value(path) as? Int }

  private func value(_ path: [String]) -> Any? {
    var current: Any? = root
    for key in path { current = (current as? [String: Any])?[key] }
    return current
  }
}
