internal import TallyModel

extension SuppressionComment {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      line: try reader.number("line"),
      firstLine: try reader.number("first line"),
      lastLine: try reader.number("last line"),
      marker: try reader.string("marker"),
      rules: try reader.sortedStrings("rules")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.number(line, "line")
    try writer.number(firstLine, "first line")
    try writer.number(lastLine, "last line")
    try writer.string(marker, "marker")
    try writer.list(strings: rules, sorted: "rules")
  }
}

extension SilencedText {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      blob: try reader.git("blob"),
      lexerVersion: try reader.number("lexer"),
      silences: try reader.list("silences") { (reader) throws(FormatError) in
        try Silence(from: &reader)
      }
    )
    try check()
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try check()
    writer.git(blob)
    try writer.number(lexerVersion, "lexer")
    try writer.list(silences, "silences") { (writer, silence) throws(FormatError) in
      try silence.encode(to: &writer)
    }
  }

  private func check() throws(FormatError) {
    if silences.isEmpty { throw .invalid("silences") }
    try Order.ascending(silences, "silences") { $0.comment.line < $1.comment.line }
  }
}

extension Silence {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      comment: try SuppressionComment(from: &reader),
      tokens: try reader.list("tokens") { (reader) throws(FormatError) in
        try reader.fixed16("token")
      },
      first: try reader.number("first"),
      count: try reader.number("count"),
      asides: try reader.list("asides") { (reader) throws(FormatError) in
        Aside(
          start: try reader.number("start"),
          count: try reader.number("count"),
          isOwn: try reader.flag("own")
        )
      }
    )
    try check()
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try check()
    try comment.encode(to: &writer)
    try writer.list(tokens, "tokens") { (writer, token) throws(FormatError) in
      writer.fixed16(token)
    }
    try writer.number(first, "first")
    try writer.number(count, "count")
    try writer.list(asides, "asides") { (writer, aside) throws(FormatError) in
      try writer.number(aside.start, "start")
      try writer.number(aside.count, "count")
      writer.flag(aside.isOwn)
    }
  }

  /// The silenced tokens and the comments lie within the tokens, and no comment overlaps another.
  private func check() throws(FormatError) {
    guard first >= 0, count >= 0, first <= tokens.count, count <= tokens.count - first else {
      throw .invalid("first")
    }
    if tokens.isEmpty != (count == 0) { throw .invalid("count") }
    var end = 0
    for aside in asides {
      guard aside.start >= end, aside.count > 0, aside.start <= tokens.count,
        aside.count <= tokens.count - aside.start
      else { throw .invalid("aside") }
      end = aside.start + aside.count
    }
  }
}
