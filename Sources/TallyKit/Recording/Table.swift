/// Reads comma-separated values (RFC 4180), also with `;` between them and with line feeds alone.
enum Table {
  /// Why a text is no table: the line, from 1, and what is wrong there.
  struct Mistake: Error {
    let line: Int
    let reason: String
  }

  /// The records with the lines they begin on; empty lines are left out.
  ///
  /// - Throws: ``Mistake``.
  static func records(of text: String) throws(Mistake) -> [(line: Int, fields: [String])] {
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    let heading = scalars.prefix { $0 != "\n" && $0 != "\r" }
    let separator: Unicode.Scalar = heading.contains(",") || !heading.contains(";") ? "," : ";"
    var result: [(line: Int, fields: [String])] = []
    var fields: [String] = []
    var field = String.UnicodeScalarView()
    var (line, start, index) = (1, 1, 0)
    var wasQuoted = false
    func finish() {
      fields.append(String(field))
      field = String.UnicodeScalarView()
      wasQuoted = false
    }
    func finishRecord() {
      finish()
      if fields != [""] { result.append((start, fields)) }
      fields = []
    }
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if scalar == "\"" {
        if !field.isEmpty || wasQuoted {
          throw Mistake(line: line, reason: "a quotation mark stands inside a field")
        }
        wasQuoted = true
        var isClosed = false
        while index < scalars.count, !isClosed {
          let inner = scalars[index]
          index += 1
          if inner == "\n" { line += 1 }
          if inner != "\"" {
            field.append(inner)
          } else if index < scalars.count, scalars[index] == "\"" {
            field.append("\"")
            index += 1
          } else {
            isClosed = true
          }
        }
        if !isClosed { throw Mistake(line: start, reason: "a quotation mark is not closed") }
      } else if scalar == separator {
        finish()
      } else if scalar == "\r" || scalar == "\n" {
        if scalar == "\r", index < scalars.count, scalars[index] == "\n" { index += 1 }
        finishRecord()
        line += 1
        start = line
      } else if wasQuoted {
        throw Mistake(line: line, reason: "text follows a closing quotation mark")
      } else {
        field.append(scalar)
      }
    }
    if !field.isEmpty || !fields.isEmpty || wasQuoted { finishRecord() }
    return result
  }
}
