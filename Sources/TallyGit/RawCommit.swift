public import TallyModel

/// Names a folder's content at a commit, in git's own terms.
public typealias GitTreeID = GitObjectID<Manifest>

/// A commit as its object says it, also where a shallow clone hides the parents.
public struct RawCommit: Sendable, Hashable {
  /// The commit.
  public let id: CommitID
  /// The content of the top folder.
  public let tree: GitTreeID
  /// Its parents in order; empty for a root.
  ///
  /// They need not be in a shallow clone.
  public let parents: [CommitID]
  /// When it was authored.
  public let authored: Timestamp
  /// When it was committed.
  public let committed: Timestamp
  /// `Name <mail>`, as written.
  public let author: String
  /// The whole message, without trailing line ends.
  public let message: String

  /// Creates a commit from what is known of it.
  public init(
    id: CommitID,
    tree: GitTreeID,
    parents: [CommitID],
    authored: Timestamp,
    committed: Timestamp,
    author: String,
    message: String
  ) {
    self.id = id
    self.tree = tree
    self.parents = parents
    self.authored = authored
    self.committed = committed
    self.author = author
    self.message = message
  }

  /// The first line of the message.
  public var subject: String {
    String(message.prefix { $0 != "\n" && $0 != "\r\n" })
  }
}

extension RawCommit {
  /// Reads a commit object; nil when it is not well formed.
  ///
  /// Text that is not UTF-8 is read as ISO 8859-1 where the commit says so, else with replacement characters.
  static func parse(id: CommitID, object: [UInt8]) -> RawCommit? {
    var tree: GitTreeID?
    var parents: [CommitID] = []
    var author: Person?
    var committer: Person?
    var isLatin1 = false
    var rest = object[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      if line.isEmpty { break }
      guard let blank = line.firstIndex(of: UInt8(ascii: " ")) else { continue }
      let value = line[(blank + 1)...]
      switch String(decoding: line[..<blank], as: UTF8.self) {
      case "tree": tree = GitTreeID(hex: String(decoding: value, as: UTF8.self))
      case "parent":
        guard let parent = CommitID(hex: String(decoding: value, as: UTF8.self)) else {
          return nil
        }
        parents.append(parent)
      case "author" where author == nil: author = Person(value)
      case "committer" where committer == nil: committer = Person(value)
      case "encoding":
        let name = String(decoding: value, as: UTF8.self).lowercased()
        isLatin1 = ["iso-8859-1", "iso8859-1", "latin1", "latin-1"].contains(name)
      default: break
      }
    }
    guard let tree, let author, let committer else { return nil }
    while let last = rest.last, last == UInt8(ascii: "\n") { rest.removeLast() }
    return RawCommit(
      id: id,
      tree: tree,
      parents: parents,
      authored: author.time,
      committed: committer.time,
      author: text(author.name, isLatin1: isLatin1),
      message: text(rest, isLatin1: isLatin1)
    )
  }

  private static func text(_ bytes: ArraySlice<UInt8>, isLatin1: Bool) -> String {
    guard isLatin1 else { return String(decoding: bytes, as: UTF8.self) }
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// `Name <mail> 1700000000 +0100`.
  private struct Person {
    let name: ArraySlice<UInt8>
    let time: Timestamp

    init?(_ line: ArraySlice<UInt8>) {
      guard let close = line.lastIndex(of: UInt8(ascii: ">")) else { return nil }
      name = line[...close]
      let words = line[(close + 1)...].split(separator: UInt8(ascii: " "))
      let seconds = words.first.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
      time = Timestamp(seconds: seconds ?? 0)
    }
  }
}
