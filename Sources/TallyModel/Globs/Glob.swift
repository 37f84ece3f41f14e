/// A pattern over paths, test ids or names, compiled once and matched in time linear in most texts.
///
/// - `*` stands for any characters but `/`; `?` for one character but `/`.
/// - `**` stands for any characters; `**/` for any number of whole folders, also none. A pattern that ends in `/` means
///   everything below that folder.
/// - `[abc]`, `[a-z]` and `[!a-z]` stand for one character but `/`; `{a,b}` for one of the alternatives, which may hold
///   anything but are not sorted out by length.
/// - A backslash takes the meaning from the next character.
///
/// The pattern stands for the whole text, upper and lower case differ, and texts are compared by their UTF-8. A pattern over
/// paths without wildcards stands for the file of that name and for everything in the folder of that name; `.` for every
/// path; one with brackets also for the path that is spelled like it, since `app/[id]/page.tsx` is a usual name.
public struct Glob: Sendable, Hashable, CustomStringConvertible {
  /// What kind of text is matched.
  public enum Dialect: Sendable, Hashable {
    /// A path inside the repository.
    case path
    /// A test id such as `tests/test_a::test_b`: from `::` on `*` and `?` stand for `/` too.
    case testID
    /// A rule, tag, tool, branch or person: `*` and `?` stand for `/` too.
    case name
  }

  /// Why a pattern was refused.
  public struct Malformed: Error, Sendable, Hashable {
    /// One sentence, without a trailing period.
    public let reason: String
  }

  /// The longest pattern, in bytes of UTF-8.
  public static let lengthLimit = 1000
  /// How many patterns without braces one pattern may stand for.
  public static let alternativeLimit = 1000

  /// The pattern as written.
  public let pattern: String
  /// What it is matched against.
  public let dialect: Dialect
  /// One of these has to match.
  private let forms: [GlobProgram]

  /// Compiles a pattern.
  ///
  /// - Throws: ``Malformed`` for an empty or too long one and for brackets that are not closed.
  public init(_ pattern: String, dialect: Dialect = .path) throws(Malformed) {
    if pattern.isEmpty { throw Malformed(reason: "a pattern is never empty") }
    if pattern.utf8.count > Self.lengthLimit {
      throw Malformed(reason: "a pattern has at most \(Self.lengthLimit) bytes")
    }
    self.pattern = pattern
    self.dialect = dialect
    var bytes = Array(pattern.utf8)
    if dialect == .path {
      while bytes.starts(with: Array("./".utf8)) { bytes.removeFirst(2) }
      if bytes.isEmpty || bytes == Array(".".utf8) { bytes = Array("**".utf8) }
      if bytes.last == UInt8(ascii: "/") { bytes += Array("**".utf8) }
    }
    var forms: [GlobProgram] = []
    for alternative in try GlobBraces.expand(bytes) {
      let form = try GlobProgram(alternative, dialect: dialect)
      forms.append(form)
      if dialect == .path, form.steps.isEmpty {
        forms.append(GlobProgram(literal: form.prefix, below: true))
      }
    }
    if dialect == .path, bytes.contains(UInt8(ascii: "[")) {
      forms.append(GlobProgram(literal: bytes))
      forms.append(GlobProgram(literal: bytes, below: true))
    }
    self.forms = forms
  }

  /// Creates a pattern that stands for this text alone, whatever characters it holds; over paths, also for what lies below it.
  public init(literal text: String, dialect: Dialect = .path) {
    pattern = text
    self.dialect = dialect
    let bytes = Array(text.utf8)
    let whole = GlobProgram(literal: bytes)
    forms = dialect == .path ? [whole, GlobProgram(literal: bytes, below: true)] : [whole]
  }

  /// The pattern as written.
  public var description: String { pattern }

  /// Says whether the pattern stands for the whole text.
  public func matches(_ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { bytes in forms.contains { $0.matches(bytes) } }
  }

  /// Says whether no text can match both patterns, as far as their literal beginnings and ends tell.
  ///
  /// Conservative: false where it cannot be told. Patterns without wildcards are compared exactly.
  public func isDisjoint(with other: Glob) -> Bool {
    forms.allSatisfy { left in other.forms.allSatisfy { left.isDisjoint(with: $0) } }
  }

  /// Says whether every text that matches the other pattern matches this one; false where it cannot be told without searching.
  public func contains(_ other: Glob) -> Bool {
    other.forms.allSatisfy { form in forms.contains { $0.contains(form) } }
  }

  /// Says whether both were written alike for the same kind of text.
  public static func == (lhs: Glob, rhs: Glob) -> Bool {
    lhs.pattern == rhs.pattern && lhs.dialect == rhs.dialect
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(pattern)
    hasher.combine(dialect)
  }
}
