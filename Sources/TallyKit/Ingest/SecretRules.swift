import TallyImport
import TallyModel
import TallyTracking

/// Knows which findings of a run are secrets: what they quote must not get into a ledger, not even as a hash.
///
/// Whole tools that look for nothing else, and the rules of others that do: by their tags, their names and their ids.
struct SecretRules {
  /// Canonical ids of tools that report secrets and nothing else.
  private static let tools: Set<String> = [
    "gitleaks", "detect-secrets", "trufflehog", "ggshield", "talisman", "whispers", "kingfisher",
    "noseyparker", "secretlint", "credential-digger",
  ]
  /// Rules that quote a password though neither id nor tags say so in every version of their tools.
  private static let rules: Set<String> = [
    "B105", "B106", "B107", "S105", "S106", "S107", "S2068", "S6418",
  ]
  /// Parts of rule ids, between anything that is no letter or digit.
  private static let parts: Set<String> = [
    "secret", "secrets", "credential", "credentials", "hardcoded",
  ]
  /// Use of a hard-coded password, cryptographic key, or credential.
  private static let weaknesses = ["cwe-259", "cwe-321", "cwe-798"]

  private let isSecretTool: Bool
  private var known: [String: Bool] = [:]

  init() { isSecretTool = false }

  init(_ run: ImportedRun) {
    isSecretTool = Self.tools.contains(run.toolID)
    for rule in run.rules { known[rule.id] = isSecretTool || Self.isSecret(rule) }
  }

  /// True for a rule whose findings are secrets.
  mutating func contains(_ rule: String) -> Bool {
    if let answer = known[rule] { return answer }
    // Of `CA2101/5` also `CA2101`.
    let parent = rule.lastIndex(of: "/").flatMap { known[String(rule[..<$0])] } ?? false
    let answer = isSecretTool || parent || Self.names(rule)
    known[rule] = answer
    return answer
  }

  private static func isSecret(_ rule: ImportedRule) -> Bool {
    let tags = rule.tags.map { $0.lowercased() }
    return names(rule.id) || rule.name == "Secret"
      || tags.contains { tag in
        tag == "secret" || tag == "secrets"
          || weaknesses.contains { word in
            tag.ranges(of: word).contains { range in
              // Not the beginning of a longer number.
              range.upperBound == tag.endIndex || !tag[range.upperBound].isNumber
            }
          }
      }
  }

  /// True for a rule whose id alone says that its findings are secrets.
  static func names(_ id: String) -> Bool {
    if rules.contains(id) { return true }
    return id.lowercased().split { !$0.isLetter && !$0.isNumber }
      .contains { parts.contains(String($0)) }
  }

  // MARK: Masking

  /// The run without what its notices and the descriptions of its secret rules may quote.
  func masked(_ run: ImportedRun) -> ImportedRun {
    var run = run
    for index in run.rules.indices where known[run.rules[index].id] == true {
      run.rules[index].summary = run.rules[index].summary.map(Self.maskOdd)
    }
    if isSecretTool {
      run.failure = run.failure.map(Self.maskOdd)
      for index in run.notices.indices {
        run.notices[index].message = Self.maskOdd(run.notices[index].message)
      }
    }
    return run
  }

  /// The message of a secret, in which only words stand that cannot be one; everything else is `***`.
  ///
  /// Kept are the words of the rule's id, the place, and words that such messages are made of.
  static func mask(_ finding: ImportedFinding) -> String {
    let place = finding.location.uri
    let own = Set(
      finding.ruleID.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    )
    var words: [String] = []
    for word in finding.message.split(whereSeparator: \.isWhitespace) {
      let front = word.prefix { Self.marks.contains($0) }
      let back = word.dropFirst(front.count).reversed().prefix { Self.marks.contains($0) }
      let bare = String(word.dropFirst(front.count).dropLast(back.count))
      let lower = bare.lowercased()
      let isKnown =
        bare.isEmpty || Self.words.contains(lower) || own.contains(lower) || bare == place
        || bare == finding.ruleID
      // Many marks are no punctuation, and may be a part of a password.
      let text = isKnown && front.count + back.count < 4 ? String(word) : "***"
      if text == "***", words.last == "***" { continue }
      words.append(text)
    }
    return words.joined(separator: " ")
  }

  /// What stands before and after words.
  private static let marks = Set("\"'`()[]:,.;!?-")

  /// Replaces quoted spans, and runs of 8 or more characters that hold a digit or an odd sign.
  private static func maskOdd(_ text: String) -> String {
    MessageTemplate.mask(text).split(separator: " ", omittingEmptySubsequences: false)
      .map { word in
        let isOdd = word.utf8.contains { byte in
          (0x30...0x39).contains(byte) || [0x2B, 0x2F, 0x3D, 0x5F].contains(byte)
        }
        return word.utf8.count >= 8 && isOdd ? "***" : String(word)
      }
      .joined(separator: " ")
  }

  /// Words of the messages of secret scanners, lowercase.
  private static let words = Set(
    """
    a access account an and api app artifact at authentication aws azure base64 basic be bearer by certificate
    client cloud code commit committed config configuration connection consider contains credential credentials
    critical dangerous description detected detector do email embedded encryption entropy environment exposed
    file files for found from gcp generic git github gitlab google hard hard-coded hardcoded has have hex high
    id identified important in info instead into is issue it jwt key keys leaked leads level line lines location
    low manager match matched may medium not of on openssh or password passwords pattern personal please possible
    potential potentially private probable remove revoke risk rotate rsa scanner secret secrets security sensitive service
    severity should slack source ssh store stored stripe string strings suspected text that the there this to
    token tokens type unknown unverified url use used user using vault value variable variables verified
    verify version was were which with your
    """.split(whereSeparator: \.isWhitespace).map(String.init)
  )
}
