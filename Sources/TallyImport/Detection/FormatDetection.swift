/// Finds the importer for a file, for `--format auto`.
///
/// - Throws: `import.unknown-format`, which says what the file looks like and how to get SARIF or
///   JUnit from that tool.
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
  throw .unknownFormat(source: input.name, looksLike: "?", remedy: "?")
}
