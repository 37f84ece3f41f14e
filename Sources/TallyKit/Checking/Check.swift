import TallyLedger
public import TallyModel
import TallyReport

/// Why a text cannot be taken for a post.
public enum CheckError: UserFacingError, Hashable {
  /// There is no such file, or it cannot be read.
  case unreadable(String)
  /// The text is longer than any post.
  case tooLarge(source: String, bytesMax: Int)
  /// The bytes are not text.
  case notText(source: String)
  /// No line of the text says how a post was made.
  case noFooter(source: String)
  /// Several lines do.
  case severalFooters(source: String, lines: [Int])
  /// The text begins like JSON and is none; the sentence says where.
  case brokenData(String)
  /// The text is JSON that does not say how it was made.
  case noDataFooter(source: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .unreadable: "check.unreadable"
    case .tooLarge: "check.too-large"
    case .notText: "check.not-text"
    case .noFooter: "check.no-footer"
    case .severalFooters: "check.several-footers"
    case .brokenData: "check.broken-data"
    case .noDataFooter: "check.no-data-footer"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .unreadable(let source): "'\(source)' cannot be read"
    case .tooLarge(let source, let bytesMax):
      "\(source) is longer than \(bytesMax >> 20) MiB: that is no post"
    case .notText(let source): "\(source) is not text in UTF-8"
    case .noFooter(let source): "\(source) has no line that says how a post was made"
    case .severalFooters(let source, let lines):
      "\(source) holds \(lines.count) posts, which end at lines "
        + Wording.joined(lines.prefix(10).map(String.init))
    case .brokenData(let sentence): sentence
    case .noDataFooter(let source): "\(source) is JSON without a 'footer' that says how it was made"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unreadable: "name a file with the text of a post, or - for standard input"
    case .tooLarge, .notText: "give it the text of one post, as it was posted"
    case .noFooter: "built-in templates end in 'As of … Journal: …'; keep that line in a post"
    case .severalFooters: "give it one post at a time"
    case .brokenData: "give it what 'tally report json' or --context printed, whole"
    case .noDataFooter:
      "give it what 'tally report json' or --context printed; of a webhook that is 'context'"
    }
  }
}

/// A text that holds one post.
struct GivenPost {
  /// What messages call it.
  let source: String
  let bytes: [UInt8]
  let posted: PostedText
  let footer: PostFooter
  /// True for data as JSON, which is compared as what it says, not as it is laid out.
  let isData: Bool

  /// The longest text that is taken for a post.
  static let bytesMax = 16 << 20

  init(_ bytes: [UInt8], source: String) throws(CheckError) {
    if bytes.count > Self.bytesMax {
      throw .tooLarge(source: source, bytesMax: Self.bytesMax)
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw .notText(source: source)
    }
    let lines = PostedText(text)
    let footers = PostFooter.all(in: lines)
    guard footers.count <= 1 else {
      throw .severalFooters(source: source, lines: footers.map { lines.numbers[$0.line] })
    }
    self.bytes = bytes
    self.source = source
    if let found = footers.first {
      posted = lines
      footer = found.footer
      isData = false
      return
    }
    guard lines.lines.first?.hasPrefix("{") == true else { throw .noFooter(source: source) }
    let data: JSONValue
    do {
      data = try JSONValue(parsing: lines.lines.joined(separator: "\n"), source: source)
    } catch {
      throw .brokenData("\(error)")
    }
    guard let found = PostFooter(data: data) else { throw .noDataFooter(source: source) }
    posted = PostedText(data.formatted())
    footer = found
    isData = true
  }

  /// The digests that a record of this text can have: of the bytes as they are, and of the compared lines.
  var outputs: [RawDigest] {
    let lines = posted.lines.joined(separator: "\n") + "\n"
    return [StoredFormat.digest(bytes), StoredFormat.digest(Array(lines.utf8))]
  }
}

extension Workspace {
  /// The longest text that is taken for a post, in bytes.
  public static var postBytesMax: Int { GivenPost.bytesMax }

  /// Says whether a posted text is what the ledger says.
  ///
  /// The ledger is opened read-only.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - source: What messages call it.
  /// - Returns: The answer; also where it can't be told.
  /// - Throws: ``CheckError``, `LedgerError`.
  public func check(post bytes: [UInt8], source: String) async throws -> CheckAnswer {
    let given = try GivenPost(bytes, source: source)
    let footer = given.footer
    let (journal, recorded) = try journal(of: footer, outputs: given.outputs)
    var answer = CheckAnswer(
      result: .unknown,
      source: source,
      post: CheckAnswer.Post(footer),
      size: journal.size,
      root: journal.root.isEmpty ? nil : journal.root,
      isExtension: !journal.root.isEmpty && journal.root.hasPrefix(footer.root),
      recorded: recorded?.description,
      differing: 0,
      differences: []
    )
    do {
      answer = try await reproduce(given, journal) { made, _, _ in
        var answer = answer
        answer.configuration = made.configurationPlace
        answer.configurationDigest = made.draft.footer.configDigest
        answer.templateDigest = made.draft.footer.templateDigest
        let differences = CheckAnswer.differences(given.posted, PostedText(made.text))
        answer.result = differences.isEmpty ? .same : .different
        answer.differing = differences.count
        answer.differences = Array(differences.prefix(CheckAnswer.differencesMax))
        return answer
      }
    } catch let obstacle as PostObstacle {
      answer.reason = obstacle.reason
      answer.hint = obstacle.hint
    }
    // A digest of the text itself needs no rendering; it counts where the journal is the same.
    if answer.result == .unknown, answer.isExtension, recorded != nil {
      answer.result = .same
      answer.hint = nil
    }
    return answer
  }
}

extension CheckAnswer {
  /// The differing lines; in a stretch of them the first of one side stands beside the first of the other.
  static func differences(_ post: PostedText, _ ledger: PostedText) -> [Difference] {
    var result: [Difference] = []
    var left: [Int] = []
    var right: [Int] = []
    func close() {
      for index in 0..<max(left.count, right.count) {
        let line = index < left.count ? left[index] : nil
        result.append(
          Difference(
            line: line.map { post.numbers[$0] },
            post: line.map { post.lines[$0] },
            ledger: index < right.count ? ledger.lines[right[index]] : nil
          )
        )
      }
      left = []
      right = []
    }
    for step in LineAlignment.steps(post.lines, ledger.lines) {
      switch step {
      case .first(let line): left.append(line)
      case .second(let line): right.append(line)
      case .both(let line, let other):
        if post.lines[line] == ledger.lines[other] {
          close()
        } else {
          left.append(line)
          right.append(other)
        }
      }
    }
    close()
    return result
  }
}
