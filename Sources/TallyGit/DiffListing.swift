import TallyModel

/// Reads `diff-tree --raw -z`: the commit's name where several were asked for, then
/// `:<mode> <mode> <id> <id> <status>\0<path>\0`, with a second path after a rename.
struct DiffListing {
  /// Regular files, sorted by path.
  var files: [FileChange] = []
  var lossyPathCount = 0

  static func parse(
    _ output: [UInt8]
  ) throws -> [(commit: CommitID?, listing: DiffListing)] {
    var result: [(commit: CommitID?, listing: DiffListing)] = []
    var current = DiffListing()
    var commit: CommitID?
    var hasBegun = false
    var fields = output.split(separator: 0, omittingEmptySubsequences: true).makeIterator()
    while let field = fields.next() {
      if field.first != UInt8(ascii: ":") {
        if hasBegun { result.append((commit, current.sorted)) }
        guard let id: CommitID = GitText.id(field) else { throw failure("'\(text(field))'") }
        commit = id
        current = DiffListing()
        hasBegun = true
        continue
      }
      hasBegun = true
      try current.take(field) { fields.next() }
    }
    if hasBegun { result.append((commit, current.sorted)) }
    return result
  }

  private var sorted: DiffListing {
    var copy = self
    copy.files.sort { $0.path < $1.path }
    return copy
  }

  private mutating func take(
    _ header: ArraySlice<UInt8>,
    nextField: () -> ArraySlice<UInt8>?
  ) throws {
    let words = header.dropFirst().split(separator: UInt8(ascii: " "))
    guard words.count == 5, let status = words[4].first, let first = nextField() else {
      throw Self.failure("'\(Self.text(header))'")
    }
    let wasFile = GitText.isFile(mode: words[0])
    let isFile = GitText.isFile(mode: words[1])
    guard status == UInt8(ascii: "R") || status == UInt8(ascii: "C") else {
      if !wasFile && !isFile { return }
      let path = take(path: first)
      if isFile {
        // Only the executable bit changed.
        if wasFile && words[2].elementsEqual(words[3]) { return }
        add(path: path, blob: try Self.blob(words[3]), from: nil, similarity: 0)
      } else {
        add(path: path, blob: nil, from: nil, similarity: 0)
      }
      return
    }
    guard let second = nextField() else { throw Self.failure("a rename has one path") }
    if !isFile { return }
    let old = take(path: first)
    let new = take(path: second)
    let score = Int(String(decoding: words[4].dropFirst(), as: UTF8.self)) ?? 0
    let isRename = status == UInt8(ascii: "R")
    add(
      path: new,
      blob: try Self.blob(words[3]),
      from: isRename ? old : nil,
      similarity: isRename ? score : 0
    )
  }

  private mutating func take(path bytes: ArraySlice<UInt8>) -> RepoPath {
    let (path, isLossy) = GitText.path(bytes)
    if isLossy { lossyPathCount += 1 }
    return path
  }

  private mutating func add(path: RepoPath, blob: BlobID?, from: RepoPath?, similarity: Int) {
    files.append(
      FileChange(path: path, blob: blob, renamedFrom: from, similarity: similarity)
    )
  }

  private static func blob(_ digits: ArraySlice<UInt8>) throws -> BlobID {
    guard let id: BlobID = GitText.id(digits) else { throw failure("'\(text(digits))' is no id") }
    return id
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix(80), as: UTF8.self)
  }

  private static func failure(_ reason: String) -> GitError {
    .unexpectedOutput(command: "git diff-tree", reason: reason)
  }
}
