/// What a commit object itself says: the same whoever asks.
public struct CommitRecord: Sendable, Hashable {
  /// The commit.
  public let commit: CommitID
  /// Its parents in order; empty for a root.
  public let parents: [CommitID]
  /// When it was authored.
  public let authored: Timestamp
  /// When it was committed.
  public let committed: Timestamp
  /// The author as `Name <mail>`, by hash.
  public let author: TextID
  /// The whole message, by hash.
  public let message: TextID

  /// Creates a record.
  public init(
    commit: CommitID,
    parents: [CommitID],
    authored: Timestamp,
    committed: Timestamp,
    author: TextID,
    message: TextID
  ) {
    self.commit = commit
    self.parents = parents
    self.authored = authored
    self.committed = committed
    self.author = author
    self.message = message
  }

  /// The same commit, committed at another time.
  public func made(_ time: Timestamp) -> CommitRecord {
    CommitRecord(
      commit: commit,
      parents: parents,
      authored: authored,
      committed: time,
      author: author,
      message: message
    )
  }
}

/// One file that differs between a commit and its first parent.
public struct FileChange: Sendable, Hashable {
  /// The path after the change; for a deletion the path that went.
  public let path: RepoPath
  /// The content after the change; nil for a deletion.
  public let blob: BlobID?
  /// The path before, where git found a rename.
  public let renamedFrom: RepoPath?
  /// git's similarity of a rename in percent; 100 is exact.
  ///
  /// 0 where there is no rename.
  public let similarity: Int

  /// Creates a change.
  public init(path: RepoPath, blob: BlobID?, renamedFrom: RepoPath?, similarity: Int) {
    self.path = path
    self.blob = blob
    self.renamedFrom = renamedFrom
    self.similarity = similarity
  }
}

/// A run of lines that differ between two texts, as `git diff -U0` counts them.
///
/// 1-based; a count may be 0.
public struct LineHunk: Sendable, Hashable {
  /// The first old line; with count 0 the line after which the new ones stand.
  public let oldStart: Int
  /// How many old lines.
  public let oldCount: Int
  /// The first new line; with count 0 the line after which the old ones stood.
  public let newStart: Int
  /// How many new lines.
  public let newCount: Int

  /// Creates a hunk.
  public init(oldStart: Int, oldCount: Int, newStart: Int, newCount: Int) {
    self.oldStart = oldStart
    self.oldCount = oldCount
    self.newStart = newStart
    self.newCount = newCount
  }
}

/// Where the token under an old finding went, for findings whose line lies in a hunk.
public struct TokenAnchor: Sendable, Hashable {
  /// The old start line, 1-based.
  public let oldLine: Int
  /// The old start column in the run's units, 1-based; 0 when none was reported.
  public let oldColumn: Int
  /// The new line of the same token; nil when the token is gone.
  public let newLine: Int?
  /// The new column in Unicode scalars, 1-based; 0 when unknown.
  public let newColumn: Int

  /// Creates an anchor.
  public init(oldLine: Int, oldColumn: Int, newLine: Int?, newColumn: Int) {
    self.oldLine = oldLine
    self.oldColumn = oldColumn
    self.newLine = newLine
    self.newColumn = newColumn
  }
}

/// A comment that tells a tool to be silent, found in the new text.
public struct SuppressionComment: Sendable, Hashable {
  /// The line it stands on, 1-based.
  public let line: Int
  /// The first line it silences.
  public let firstLine: Int
  /// The last line it silences; `Int32.max` for the rest of the file.
  public let lastLine: Int
  /// The marker, such as `noqa` or `eslint-disable`.
  public let marker: String
  /// The rules it names, sorted; empty for all.
  public let rules: [String]

  /// Creates a comment.
  public init(line: Int, firstLine: Int, lastLine: Int, marker: String, rules: [String]) {
    self.line = line
    self.firstLine = firstLine
    self.lastLine = lastLine
    self.marker = marker
    self.rules = rules
  }
}

/// How the text of one blob became that of another, as far as old findings need it.
public struct FileMap: Sendable, Hashable {
  /// The text before.
  public let old: BlobID
  /// The text after.
  public let new: BlobID
  /// The lexer that made the anchors.
  public let lexerVersion: Int
  /// Sorted by old line, not overlapping.
  public let hunks: [LineHunk]
  /// Sorted by old line, then column.
  public let anchors: [TokenAnchor]
  /// Suppression comments of the new text, sorted by line.
  public let suppressions: [SuppressionComment]

  /// Creates a map.
  public init(
    old: BlobID,
    new: BlobID,
    lexerVersion: Int,
    hunks: [LineHunk],
    anchors: [TokenAnchor],
    suppressions: [SuppressionComment]
  ) {
    self.old = old
    self.new = new
    self.lexerVersion = lexerVersion
    self.hunks = hunks
    self.anchors = anchors
    self.suppressions = suppressions
  }

  /// Says whether the map tells where an old place went: its line is none of an edit, or it was asked for.
  public func knows(_ region: SourceRegion) -> Bool {
    let line = region.startLine
    let isEdited = hunks.contains { $0.oldStart <= line && line < $0.oldStart + $0.oldCount }
    let column = region.startColumn ?? 0
    return !isEdited || anchors.contains { $0.oldLine == line && $0.oldColumn == column }
  }
}

extension FileMap {
  /// Returns this map with the anchors and comments of another of the same two contents as well.
  ///
  /// Evidence unions: two tools ask for different places. Where both know a place, this map's anchor is kept.
  public func united(with other: FileMap) -> FileMap {
    guard other.old == old, other.new == new, other != self else { return self }
    let known = Set(anchors.map { [$0.oldLine, $0.oldColumn] })
    let added = other.anchors.filter { !known.contains([$0.oldLine, $0.oldColumn]) }
    let comments = Set(suppressions).union(other.suppressions)
    return FileMap(
      old: old,
      new: new,
      lexerVersion: lexerVersion,
      hunks: hunks,
      anchors: (anchors + added).sorted {
        ($0.oldLine, $0.oldColumn) < ($1.oldLine, $1.oldColumn)
      },
      suppressions: comments.sorted(by: SuppressionComment.precedes)
    )
  }
}

extension SuppressionComment {
  /// The stored order of comments: by line, first and last silenced line, marker, rules.
  public static func precedes(_ lhs: Self, _ rhs: Self) -> Bool {
    let (left, right) = (
      (lhs.line, lhs.firstLine, lhs.lastLine), (rhs.line, rhs.firstLine, rhs.lastLine)
    )
    if left != right { return left < right }
    if lhs.marker != rhs.marker {
      return lhs.marker.utf8.lexicographicallyPrecedes(rhs.marker.utf8)
    }
    return lhs.rules.lexicographicallyPrecedes(rhs.rules) {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }
}

/// The tool's own part of one configuration file.
public struct ToolConfigurationFile: Sendable, Hashable {
  /// The file.
  public let path: RepoPath
  /// The hash of the part, in a normal form.
  public let digest: RawDigest

  /// Creates a file.
  public init(path: RepoPath, digest: RawDigest) {
    self.path = path
    self.digest = digest
  }
}

/// What a commit holds of a tool's configuration.
public struct ToolConfigurationRecord: Sendable, Hashable {
  /// The commit.
  public let commit: CommitID
  /// The canonical tool id, such as `ruff`.
  public let tool: String
  /// The version of the list of files and of the normal forms: records of different versions cannot be compared.
  public let version: Int
  /// The files that hold a part for the tool, sorted by path; empty where none does.
  public let files: [ToolConfigurationFile]

  /// Creates a record.
  public init(commit: CommitID, tool: String, version: Int, files: [ToolConfigurationFile]) {
    self.commit = commit
    self.tool = tool
    self.version = version
    self.files = files
  }
}

/// What git was asked at ingest, kept so that books can be made again without the repository.
///
/// Evidence unions: any amount of it may come with any ingest, and it never changes what was claimed.
public enum EvidenceRecord: Sendable, Hashable {
  /// All files of a commit, stored where its parent's files are not known.
  case manifest(commit: CommitID, manifest: ManifestID)
  /// What a commit changed against its first parent (nothing, for a root); sorted by path. With the parent's files it gives the commit's.
  case changes(commit: CommitID, parent: CommitID?, files: [FileChange])
  /// Renames between the commits of two successive scans that git finds only over the whole distance; sorted by new path.
  case renames(from: CommitID, to: CommitID, files: [FileChange])
  /// The sheets of a scan, with windows as far as texts were at hand.
  case capture(scan: EntryID, tree: TreeID)
  /// Line and token maps, sorted by old, then new blob.
  case maps([FileMap])
  /// Suppression comments of what a commit brought, for clones that lack the texts before; sorted by blob, each once.
  case silences(commit: CommitID, texts: [SilencedText])
  /// What was recorded together when.
  case recording(RecordingRecord)
  /// A tool's configuration files in a commit, told from a changed scan by comparing two commits.
  case toolConfiguration(ToolConfigurationRecord)
}
