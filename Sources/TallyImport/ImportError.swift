public import TallyModel

/// Why a report could not be imported.
///
/// Nothing has been written to the ledger when this is thrown. `source` is the name of the input as the user gave it.
public enum ImportError: UserFacingError, Equatable {
  /// There is no such file.
  case notFound(source: String)
  /// It is a directory.
  case isDirectory(source: String)
  /// The system refused to open or read it, and says why.
  case unreadable(source: String, reason: String)
  /// It has no bytes, or white space only.
  case empty(source: String)
  /// It was written to or cut while it was being read.
  case changed(source: String)
  /// The gzip stream is damaged.
  case compression(source: String, reason: String)
  /// Its text is not in an encoding that its format allows.
  case encoding(source: String, found: String, wanted: String)
  /// It is none of the known formats; `looksLike` says what it seems to be and `remedy` what to do.
  case unknownFormat(source: String, looksLike: String, remedy: String)
  /// It breaks the rules of its format at `path`, a JSON path or a line and column; `offset` counts
  /// bytes from 0.
  case malformed(source: String, path: String, reason: String, offset: Int?)
  /// It has a document type (`<!DOCTYPE`), and with it entities that could expand without end.
  case doctype(source: String)
  /// It is of a version that is not read.
  case version(source: String, format: String, found: String, wanted: String)
  /// It has more of something than is accepted.
  case limitExceeded(source: String, what: String, found: Int, limit: Int)

  /// What scripts match on, such as `import.malformed`.
  public var code: String {
    switch self {
    case .notFound: "import.not-found"
    case .isDirectory: "import.directory"
    case .unreadable: "import.unreadable"
    case .empty: "import.empty"
    case .changed: "import.changed"
    case .compression: "import.compression"
    case .encoding: "import.encoding"
    case .unknownFormat: "import.unknown-format"
    case .malformed: "import.malformed"
    case .doctype: "import.doctype"
    case .version: "import.version"
    case .limitExceeded: "import.limit"
    }
  }

  /// One sentence.
  public var description: String {
    switch self {
    case .notFound(let source):
      return "\(source) does not exist"
    case .isDirectory(let source):
      return "\(source) is a directory, not a report"
    case .unreadable(let source, let reason):
      return "\(source) cannot be read: \(reason)"
    case .empty(let source):
      return "\(source) is empty"
    case .changed(let source):
      return "\(source) changed while it was being read"
    case .compression(let source, let reason):
      return "\(source) is a damaged gzip file: \(reason)"
    case .encoding(let source, let found, let wanted):
      return "\(source) is \(found) text, and its format wants \(wanted)"
    case .unknownFormat(let source, let looksLike, _):
      let known = allImporters.map(\.formatName).joined(separator: ", ")
      return "\(source) is in no format that is read here (\(known)): it looks like \(looksLike)"
    case .malformed(let source, let path, let reason, let offset):
      let place = path.isEmpty ? "" : "at '\(path)', "
      let byte = offset.map { " (byte \($0))" } ?? ""
      return "\(source) is not a valid report: \(place)\(reason)\(byte)"
    case .doctype(let source):
      return
        "\(source) is XML with a DOCTYPE, which is refused: entities declared in one can expand without end"
    case .version(let source, let format, let found, let wanted):
      return "\(source) is \(format) \(found), and only \(wanted) is read"
    case .limitExceeded(let source, let what, let found, let limit):
      return "\(source) is too large: \(found) \(what), and at most \(limit) are accepted"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .notFound: "check the path, and that the step that writes the report ran"
    case .isDirectory: "name the report files in it"
    case .unreadable: "check the permissions of the file and of the folders above it"
    case .empty: "a tool that found nothing still writes a report; check that it ran to its end"
    case .changed: "let the tool finish writing before the report is ingested"
    case .compression: "write the file again, or pass the uncompressed report"
    case .encoding(_, _, let wanted):
      "convert the file to \(wanted) with iconv, or have the tool write it"
    case .unknownFormat(_, _, let remedy): remedy
    case .malformed:
      "check that --format matches the tool that wrote the file, and that it wrote all of it"
    case .doctype: "take the DOCTYPE out; a report needs none"
    case .version(_, _, _, let wanted):
      "have the tool write \(wanted), or convert the file with sarif-multitool"
    case .limitExceeded: "split the report, or narrow down what the tool scans"
    }
  }
}
