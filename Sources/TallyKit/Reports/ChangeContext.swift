import TallyModel
import TallyReport

/// What a post says about one commit beside its base branch: the gate's answer in the words of a template.
struct ChangeContext {
  let answer: GateAnswer
  let links: RepositoryLinks?

  func context() -> ReportContext.Change {
    var result = ReportContext.Change()
    result.hasChange = true
    result.branch = answer.branch
    result.commit = answer.commit
    result.commitURL = links?.commit(answer.commit) ?? ""
    result.base = answer.base
    result.baseCommit = answer.baseCommit ?? ""
    result.comparedWith = answer.comparedWith
    result.decision = answer.decision.rawValue
    result.policies = answer.policies
    result.checks = answer.checks.map { check in
      var item = ReportContext.Check()
      item.title = check.title
      item.state = check.state.rawValue
      item.found = check.found
      item.remedy = check.remedy ?? ""
      return item
    }
    result.added.items = items(answer.new, at: answer.commit)
    result.silenced.items = items(answer.silenced, at: answer.commit)
    result.removed.items = items(answer.gone, at: answer.baseCommit)
    result.lanes = answer.lanes.map { lane in
      var item = ReportContext.ChangeLane()
      item.name = lane.name
      item.isTests = lane.kind == "tests"
      item.state = lane.state
      item.added = lane.new
      item.removed = lane.gone
      item.open = lane.open
      return item
    }
    return result
  }

  private func items(_ items: [GateAnswer.Item], at commit: String?) -> [ReportContext.ChangeItem] {
    items.map { item in
      var result = ReportContext.ChangeItem()
      result.id = item.id
      result.cause = item.cause
      result.rule = item.rule
      result.level = item.level
      result.path = item.path
      result.line = item.line ?? 0
      if let commit, !item.path.isEmpty {
        result.url = links?.file(item.path, line: item.line, at: commit) ?? ""
      }
      result.message = item.message ?? ""
      result.isWaived = item.isWaived
      return result
    }
  }
}

/// Addresses inside a repository's site, as its kind of host writes them.
struct RepositoryLinks: Sendable, Hashable {
  /// Without a trailing slash.
  let url: String

  init(url: String) {
    var text = url
    while text.hasSuffix("/") { text.removeLast() }
    self.url = text
    kind = Kind(url: text)
  }

  private enum Kind {
    case github
    case gitlab
    case bitbucket
    case gitea

    init(url: String) {
      let host = url.split(separator: "/").dropFirst().first?.lowercased() ?? ""
      if host.contains("gitlab") {
        self = .gitlab
      } else if host.contains("bitbucket") {
        self = .bitbucket
      } else if host.contains("gitea") || host.contains("forgejo") || host == "codeberg.org" {
        self = .gitea
      } else {
        self = .github
      }
    }
  }

  private let kind: Kind

  /// A commit.
  func commit(_ commit: String) -> String {
    switch kind {
    case .github, .gitea: "\(url)/commit/\(commit)"
    case .gitlab: "\(url)/-/commit/\(commit)"
    case .bitbucket: "\(url)/commits/\(commit)"
    }
  }

  /// A file at a commit, at a line.
  func file(_ path: String, line: Int?, at commit: String) -> String {
    let place = Self.encoded(path)
    switch kind {
    case .github: return "\(url)/blob/\(commit)/\(place)" + (line.map { "#L\($0)" } ?? "")
    case .gitlab: return "\(url)/-/blob/\(commit)/\(place)" + (line.map { "#L\($0)" } ?? "")
    case .gitea: return "\(url)/src/commit/\(commit)/\(place)" + (line.map { "#L\($0)" } ?? "")
    case .bitbucket: return "\(url)/src/\(commit)/\(place)" + (line.map { "#lines-\($0)" } ?? "")
    }
  }

  /// The path with everything but letters, digits and `/._-` as percent escapes.
  private static func encoded(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F:
        result.unicodeScalars.append(scalar)
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}
