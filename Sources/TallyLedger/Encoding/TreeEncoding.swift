internal import TallyModel

extension Tree {
  /// The stored form.
  ///
  /// MUST NOT CHANGE.
  func encoded() throws(FormatError) -> [UInt8] {
    var writer = ByteWriter(capacity: 32 + lines.count * 72)
    writer.begin("tally.tree")
    try Order.strictlyAscending(lines, "tree") { $0.path < $1.path }
    try writer.list(lines, "tree") { (writer, line) throws(FormatError) in
      try writer.path(line.path)
      writer.hash(line.sheet)
    }
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    try reader.beginFirstVersion("tally.tree")
    let lines = try reader.list("tree") { (reader) throws(FormatError) in
      Line(path: try reader.path(), sheet: try reader.hash("sheet"))
    }
    try Order.strictlyAscending(lines, "tree") { $0.path < $1.path }
    try reader.finish("tree")
    self.init(lines: lines)
  }
}

extension Manifest {
  /// The stored form.
  ///
  /// MUST NOT CHANGE.
  func encoded() throws(FormatError) -> [UInt8] {
    var writer = ByteWriter(capacity: 32 + lines.count * 64)
    writer.begin("tally.manifest")
    try Order.strictlyAscending(lines, "manifest") { $0.path < $1.path }
    try writer.list(lines, "manifest") { (writer, line) throws(FormatError) in
      try writer.path(line.path)
      writer.git(line.blob)
    }
    return writer.bytes
  }

  init(encoded bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes)
    try reader.beginFirstVersion("tally.manifest")
    let lines = try reader.list("manifest") { (reader) throws(FormatError) in
      Line(path: try reader.path(), blob: try reader.git("blob"))
    }
    try Order.strictlyAscending(lines, "manifest") { $0.path < $1.path }
    try reader.finish("manifest")
    self.init(lines: lines)
  }
}
