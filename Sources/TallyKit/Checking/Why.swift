import TallyBooks
import TallyLedger
public import TallyModel
import TallyReport
import TallyTemplates

/// Why a number of a post cannot be explained.
public enum WhyError: UserFacingError, Hashable {
  /// The number is not in the post, or not in the line that was chosen.
  case noSuchNumber(String, source: String, line: Int?, nearest: [String], lines: [Int])
  /// The post cannot be made again.
  case notReproducible(source: String, reason: String, advice: String?)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .noSuchNumber: "why.no-such-number"
    case .notReproducible: "why.not-reproducible"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .noSuchNumber(let number, let source, let line, _, _):
      "'\(number)' is not in \(line.map { "line \($0) of " } ?? "")\(source)"
    case .notReproducible(let source, let reason, _):
      "\(source) can't be taken back to this ledger: \(reason)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noSuchNumber(_, _, _, let nearest, let lines):
      if !lines.isEmpty {
        "it stands in \(Wording.noun(lines.count, "line")) "
          + Wording.joined(lines.prefix(10).map(String.init))
      } else if nearest.isEmpty {
        "there is no number at all"
      } else {
        "the nearest numbers are \(Wording.joined(nearest))"
      }
    case .notReproducible(_, _, let advice): advice
    }
  }
}

/// Which number of which post to explain.
public struct WhyRequest: Sendable {
  /// The number as it stands in the post, or `all`.
  public var number: String
  /// The text of the post.
  public var post: [UInt8]
  /// What messages call it.
  public var source: String
  /// Only where it stands in this line, from 1; nil for everywhere.
  public var line: Int?
  /// True to list every row.
  public var listsAll: Bool

  /// Creates a request.
  public init(
    number: String,
    post: [UInt8],
    source: String,
    line: Int? = nil,
    listsAll: Bool = false
  ) {
    self.number = number
    self.post = post
    self.source = source
    self.line = line
    self.listsAll = listsAll
  }
}

extension Workspace {
  /// What is typed for every number of a post.
  public static let everyNumber = "all"

  /// Takes a number of a posted text to its rows, entries and proof.
  ///
  /// The ledger is opened read-only.
  ///
  /// - Throws: ``WhyError``, ``CheckError``, `LedgerError`.
  public func why(_ request: WhyRequest) async throws -> WhyAnswer {
    let given = try GivenPost(request.post, source: request.source)
    let (journal, _) = try journal(of: given.footer, outputs: [])
    do {
      return try await reproduce(given, journal) { made, view, configuration in
        let explainer = try WhyExplainer(
          given: given,
          made: made,
          view: view,
          configuration: configuration,
          project: try project(in: view.reader)
        )
        return try explainer.answer(request)
      }
    } catch let obstacle as PostObstacle {
      throw WhyError.notReproducible(
        source: request.source,
        reason: obstacle.reason,
        advice: obstacle.hint
      )
    }
  }
}

/// Explains the numbers of one post.
struct WhyExplainer {
  private let given: GivenPost
  private let made: PostReproduction
  private let view: BooksView
  private let traced: TracedText
  private let form: PostToken.Form
  private let counter: WhyCounter

  init(
    given: GivenPost,
    made: PostReproduction,
    view: BooksView,
    configuration: LoadedConfiguration,
    project: String
  ) throws {
    self.given = given
    self.made = made
    self.view = view
    traced =
      given.isData
      ? made.draft.document.json.traced() : try made.draft.traced(configuration)
    form = given.isData ? .data : made.draft.name.hasSuffix(".html") ? .html : .text
    counter = WhyCounter(
      document: made.draft.document.json,
      view: view,
      configuration: configuration,
      project: project,
      footer: given.footer
    )
  }

  /// A line of the rendered text.
  private struct Line {
    let text: String
    /// Where it begins in the rendered text, in bytes.
    let start: Int
  }

  /// The answer to a request.
  func answer(_ request: WhyRequest) throws -> WhyAnswer {
    let tokens = PostToken.all(in: traced.text, form: form)
    let sources = traced.sources(of: tokens, in: made.draft.document.json)
    var byLine: [Int: [(token: PostToken, source: NumberSource?)]] = [:]
    var starts = [0]
    for (index, byte) in traced.text.utf8.enumerated() where byte == 0x0A {
      starts.append(index + 1)
    }
    var line = 0
    for (token, source) in zip(tokens, sources) {
      while line + 1 < starts.count, starts[line + 1] <= token.range.lowerBound { line += 1 }
      byLine[line, default: []].append((token, source))
    }
    var answer = WhyAnswer(
      number: request.number,
      source: given.source,
      post: CheckAnswer.Post(given.footer),
      root: made.journal.root,
      places: [],
      answers: [],
      differs: false
    )
    let ledger = PostedText(made.text)
    var known: [WhyCounter.Key: Int] = [:]
    var ledgerLines: [Int: Int] = [:]
    for step in LineAlignment.steps(given.posted.lines, ledger.lines) {
      if case .both(let own, let other) = step, given.posted.lines[own] == ledger.lines[other] {
        ledgerLines[own] = other
      }
    }
    let differences = CheckAnswer.differences(given.posted, ledger)
    for (index, text) in given.posted.lines.enumerated() {
      let number = given.posted.numbers[index]
      if let wanted = request.line, wanted != number { continue }
      let bytes = Array(text.utf8)
      guard let other = ledgerLines[index] else {
        let own = PostToken.all(in: text, form: form)
        for token in own where fits(token, request.number, bytes) {
          answer.places.append(place(token, text, number))
          answer.places[answer.places.count - 1].ledger =
            differences.first { $0.line == number }?.ledger
          answer.differs = true
        }
        continue
      }
      let row = ledger.numbers[other] - 1
      for (token, source) in byLine[row] ?? [] {
        let local = token.moved(by: -starts[row])
        guard fits(local, request.number, bytes) else { continue }
        var place = place(local, text, number)
        place.isSame = true
        place.name = source?.name?.description
        let rest = bytes.dropFirst(local.range.upperBound).prefix(60)
        let explained = try counter.answer(
          token,
          source,
          after: String(decoding: rest, as: UTF8.self),
          listsAll: request.listsAll
        )
        if let found = known[explained.key] {
          place.answer = found
        } else {
          known[explained.key] = answer.answers.count
          place.answer = answer.answers.count
          answer.answers.append(explained.answer)
        }
        answer.places.append(place)
      }
    }
    if answer.places.isEmpty { throw missing(request) }
    return answer
  }

  private func fits(_ token: PostToken, _ number: String, _ line: [UInt8]) -> Bool {
    number == Workspace.everyNumber || token.fits(number, in: line)
  }

  private func place(_ token: PostToken, _ line: String, _ number: Int) -> WhyAnswer.Place {
    let before = line.utf8.prefix(token.range.lowerBound)
    return WhyAnswer.Place(
      line: number,
      column: String(decoding: before, as: UTF8.self).count + 1,
      text: token.text,
      sentence: line,
      isSame: false
    )
  }

  /// The error for a number that is not there, with those that are nearest to it.
  private func missing(_ request: WhyRequest) -> WhyError {
    let text = given.posted.lines.joined(separator: "\n")
    let numbers = PostToken.all(in: text, form: form).filter { $0.kind == .number }
    var nearest: [String] = []
    if let wanted = Int(request.number.filter(\.isNumber)) {
      let values = Set(numbers.compactMap { Int($0.digits) })
      let sorted = values.sorted {
        ($0.distance(from: wanted), $0) < ($1.distance(from: wanted), $1)
      }
      nearest = sorted.prefix(3).sorted().map(Wording.grouped)
    } else {
      nearest = numbers.prefix(3).map(\.text)
    }
    var lines: [Int] = []
    for (line, number) in zip(given.posted.lines, given.posted.numbers) {
      let bytes = Array(line.utf8)
      let own = PostToken.all(in: line, form: form)
      if own.contains(where: { fits($0, request.number, bytes) }) { lines.append(number) }
    }
    return .noSuchNumber(
      request.number,
      source: given.source,
      line: request.line,
      nearest: nearest,
      lines: lines
    )
  }
}

extension Int {
  /// How far it is from another number, without overflow.
  fileprivate func distance(from other: Int) -> UInt {
    self > other
      ? UInt(bitPattern: self) &- UInt(bitPattern: other)
      : UInt(bitPattern: other) &- UInt(bitPattern: self)
  }
}
