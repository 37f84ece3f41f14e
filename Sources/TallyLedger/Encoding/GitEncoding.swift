internal import TallyModel

extension CommitRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      commit: try reader.git("commit"),
      parents: try reader.list("parents") { (reader) throws(FormatError) -> CommitID in
        try reader.git("parent")
      },
      authored: try reader.time("authored"),
      committed: try reader.time("committed"),
      author: try reader.hash("author"),
      message: try reader.hash("message")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    writer.git(commit)
    try writer.list(parents, "parents") { (writer, parent) throws(FormatError) in
      writer.git(parent)
    }
    writer.time(authored)
    writer.time(committed)
    writer.hash(author)
    writer.hash(message)
  }
}

extension EvidenceRecord {
  static func decode(from reader: inout ByteReader) throws(FormatError) -> EvidenceRecord {
    switch try reader.byte("evidence") {
    case 0:
      return .manifest(commit: try reader.git("commit"), manifest: try reader.hash("manifest"))
    case 1:
      let commit: CommitID = try reader.git("commit")
      let parent: CommitID? = try reader.flag("parent") ? try reader.git("parent") : nil
      return .changes(commit: commit, parent: parent, files: try FileChange.list(from: &reader))
    case 2:
      let from: CommitID = try reader.git("from")
      let to: CommitID = try reader.git("to")
      return .renames(from: from, to: to, files: try FileChange.list(from: &reader))
    case 3:
      return .capture(scan: try reader.hash("scan"), tree: try reader.hash("tree"))
    case 4:
      let maps = try reader.list("maps") { (reader) throws(FormatError) in
        try FileMap(from: &reader)
      }
      try Order.strictlyAscending(maps, "maps", FileMap.precedes)
      return .maps(maps)
    case 5:
      let commit: CommitID = try reader.git("commit")
      let texts = try reader.list("texts") { (reader) throws(FormatError) in
        try SilencedText(from: &reader)
      }
      try Order.strictlyAscending(texts, "texts") { $0.blob < $1.blob }
      return .silences(commit: commit, texts: texts)
    case 6: return .recording(try RecordingRecord(from: &reader))
    case 7:
      return .toolConfiguration(try ToolConfigurationRecord(from: &reader))
    default:
      throw .invalid("evidence")
    }
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    switch self {
    case .manifest(let commit, let manifest):
      writer.byte(0)
      writer.git(commit)
      writer.hash(manifest)
    case .changes(let commit, let parent, let files):
      writer.byte(1)
      writer.git(commit)
      writer.flag(parent != nil)
      if let parent { writer.git(parent) }
      try FileChange.encode(files, to: &writer)
    case .renames(let from, let to, let files):
      writer.byte(2)
      writer.git(from)
      writer.git(to)
      try FileChange.encode(files, to: &writer)
    case .capture(let scan, let tree):
      writer.byte(3)
      writer.hash(scan)
      writer.hash(tree)
    case .maps(let maps):
      writer.byte(4)
      try Order.strictlyAscending(maps, "maps", FileMap.precedes)
      try writer.list(maps, "maps") { (writer, map) throws(FormatError) in
        try map.encode(to: &writer)
      }
    case .silences(let commit, let texts):
      writer.byte(5)
      writer.git(commit)
      try Order.strictlyAscending(texts, "texts") { $0.blob < $1.blob }
      try writer.list(texts, "texts") { (writer, text) throws(FormatError) in
        try text.encode(to: &writer)
      }
    case .recording(let record):
      writer.byte(6)
      try record.encode(to: &writer)
    case .toolConfiguration(let record):
      writer.byte(7)
      try record.encode(to: &writer)
    }
  }
}

extension RecordingRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    let entries = try reader.list("entries") { (reader) throws(FormatError) -> EntryID in
      try reader.hash("entry")
    }
    try Order.strictlyAscending(entries, "entries") { $0 < $1 }
    self.init(
      entries: entries,
      recorded: try reader.time("recorded"),
      run: try reader.flag("run") ? try CIRun(from: &reader) : nil
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.list(entries, "entries") { (writer, entry) throws(FormatError) in
      writer.hash(entry)
    }
    writer.time(recorded)
    writer.flag(run != nil)
    if let run { try run.encode(to: &writer) }
  }
}

extension CIRun {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      series: try reader.string("series"),
      id: try reader.string("run"),
      order: try reader.flag("order") ? try reader.number("order") : nil,
      attempt: try reader.number("attempt")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(series, "series")
    try writer.string(id, "run")
    writer.flag(order != nil)
    if let order { try writer.number(order, "order") }
    try writer.number(attempt, "attempt")
  }
}

extension ToolConfigurationRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      commit: try reader.git("commit"),
      tool: try reader.string("tool"),
      version: try reader.number("version"),
      files: try reader.list("files") { (reader) throws(FormatError) in
        ToolConfigurationFile(path: try reader.path(), digest: try reader.hash("digest"))
      }
    )
    try check()
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try check()
    writer.git(commit)
    try writer.string(tool, "tool")
    try writer.number(version, "version")
    try writer.list(files, "files") { (writer, file) throws(FormatError) in
      try writer.path(file.path)
      writer.hash(file.digest)
    }
  }

  private func check() throws(FormatError) {
    try Order.strictlyAscending(files, "files") { $0.path < $1.path }
  }
}

extension FileChange {
  static func list(from reader: inout ByteReader) throws(FormatError) -> [FileChange] {
    let files = try reader.list("files") { (reader) throws(FormatError) in
      FileChange(
        path: try reader.path(),
        blob: try reader.flag("blob") ? try reader.git("blob") : nil,
        renamedFrom: try reader.flag("renamed from") ? try reader.path() : nil,
        similarity: Int(try reader.byte("similarity"))
      )
    }
    try check(files)
    return files
  }

  static func encode(
    _ files: [FileChange],
    to writer: inout ByteWriter
  ) throws(FormatError) {
    try check(files)
    try writer.list(files, "files") { (writer, file) throws(FormatError) in
      try writer.path(file.path)
      writer.flag(file.blob != nil)
      if let blob = file.blob { writer.git(blob) }
      writer.flag(file.renamedFrom != nil)
      if let path = file.renamedFrom { try writer.path(path) }
      writer.byte(UInt8(file.similarity))
    }
  }

  private static func check(_ files: [FileChange]) throws(FormatError) {
    try Order.strictlyAscending(files, "files") { $0.path < $1.path }
    for file in files {
      guard (0...100).contains(file.similarity), file.renamedFrom != nil || file.similarity == 0
      else { throw .invalid("similarity") }
      if file.renamedFrom != nil, file.blob == nil { throw .invalid("renamed from") }
    }
  }
}

extension FileMap {
  static func precedes(_ lhs: FileMap, _ rhs: FileMap) -> Bool {
    (lhs.old, lhs.new) < (rhs.old, rhs.new)
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      old: try reader.git("old"),
      new: try reader.git("new"),
      lexerVersion: try reader.number("lexer"),
      hunks: try reader.list("hunks") { (reader) throws(FormatError) in
        LineHunk(
          oldStart: try reader.number("old start"),
          oldCount: try reader.number("old count"),
          newStart: try reader.number("new start"),
          newCount: try reader.number("new count")
        )
      },
      anchors: try reader.list("anchors") { (reader) throws(FormatError) in
        TokenAnchor(
          oldLine: try reader.number("old line"),
          oldColumn: try reader.number("old column"),
          newLine: try reader.flag("new line") ? try reader.number("new line") : nil,
          newColumn: try reader.number("new column")
        )
      },
      suppressions: try reader.list("suppressions") { (reader) throws(FormatError) in
        try SuppressionComment(from: &reader)
      }
    )
    try check()
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try check()
    writer.git(old)
    writer.git(new)
    try writer.number(lexerVersion, "lexer")
    try writer.list(hunks, "hunks") { (writer, hunk) throws(FormatError) in
      try writer.number(hunk.oldStart, "old start")
      try writer.number(hunk.oldCount, "old count")
      try writer.number(hunk.newStart, "new start")
      try writer.number(hunk.newCount, "new count")
    }
    try writer.list(anchors, "anchors") { (writer, anchor) throws(FormatError) in
      try writer.number(anchor.oldLine, "old line")
      try writer.number(anchor.oldColumn, "old column")
      writer.flag(anchor.newLine != nil)
      if let line = anchor.newLine { try writer.number(line, "new line") }
      try writer.number(anchor.newColumn, "new column")
    }
    try writer.list(suppressions, "suppressions") { (writer, comment) throws(FormatError) in
      try comment.encode(to: &writer)
    }
  }

  private func check() throws(FormatError) {
    try Order.ascending(hunks, "hunks") { $0.oldStart < $1.oldStart }
    try Order.ascending(anchors, "anchors") {
      ($0.oldLine, $0.oldColumn) < ($1.oldLine, $1.oldColumn)
    }
    try Order.ascending(suppressions, "suppressions") { $0.line < $1.line }
  }
}
