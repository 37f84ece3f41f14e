/// Finds the importer for a file, for `--format auto`, by its first bytes.
///
/// - Throws: `import.unknown-format`, which says what the file looks like and how to get SARIF or
///   JUnit from that tool; `import.empty` for white space only; `import.encoding` for UTF-16 JSON.
public func detectFormat(
  of input: InputBytes,
  fileName: String? = nil
) throws(ImportError) -> any ReportImporter {
  let prefix = try input.prefix(FilePrefix.length)
  var best: (any ReportImporter)?
  var sureness = Recognition.no
  for importer in allImporters {
    let found = importer.recognizes(prefix.span.bytes, fileName: fileName ?? input.name)
    if found > sureness { (best, sureness) = (importer, found) }
  }
  if let best { return best }
  let isBlank = try input.withUnsafeBytes { bytes in
    FilePrefix(bytes).firstCharacter == nil && bytes.allSatisfy { isWhiteSpace($0) }
  }
  if isBlank { throw .empty(source: input.name) }
  try prefix.withUnsafeBufferPointer { (buffer) -> Result<Void, ImportError> in
    let head = FilePrefix(UnsafeRawBufferPointer(buffer))
    if let encoding = head.wideEncoding {
      return .failure(.encoding(source: input.name, found: encoding, wanted: "UTF-8"))
    }
    let guess = FormatGuess(head)
    return .failure(
      .unknownFormat(source: input.name, looksLike: guess.looksLike, remedy: guess.remedy)
    )
  }.get()
  throw .unknownFormat(source: input.name, looksLike: "binary data", remedy: FormatGuess.general)
}

/// Returns the importer whose name was given with `--format`; nil when there is none.
public func importer(named name: String) -> (any ReportImporter)? {
  allImporters.first { $0.formatName == name }
}
