internal import Glibc

/// Bytes that come in pieces: held in memory while they are few, then in a temporary file without a
/// name, so that memory does not grow with what a small compressed file or a pipe can hold.
struct SpooledBytes: ~Copyable {
  /// What came, once it is complete.
  enum Content {
    case memory([UInt8])
    case file(MappedFile)
  }

  private static let memoryBytesMax = 64 << 20

  /// The input's name in messages.
  let source: String
  private let unit: String
  private let bytesMax: Int
  private var bytes: [UInt8] = []
  private var file: UnsafeMutablePointer<FILE>?
  private var written = 0

  /// Creates an empty one that takes at most `bytesMax` bytes, which messages call `unit`.
  init(source: String, unit: String, bytesMax: Int) {
    self.source = source
    self.unit = unit
    self.bytesMax = bytesMax
  }

  deinit { if let file { fclose(file) } }

  /// - Throws: `import.limit` for more bytes than are accepted, `import.unreadable` where there is no
  ///   room for them.
  mutating func append(_ piece: ArraySlice<UInt8>) throws(ImportError) {
    let count = written + bytes.count + piece.count
    if count > bytesMax {
      throw .limitExceeded(source: source, what: unit, found: count, limit: bytesMax)
    }
    bytes.append(contentsOf: piece)
    let portion = file == nil ? SpooledBytes.memoryBytesMax : 1 << 20
    if bytes.count > portion { try flush() }
  }

  private mutating func flush() throws(ImportError) {
    if file == nil { file = tmpfile() }
    guard let file else { throw noRoom() }
    let count = bytes.count
    let done = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, count, file) }
    if done < count { throw noRoom() }
    written += count
    bytes = []
  }

  /// Everything that came.
  consuming func finish() throws(ImportError) -> Content {
    guard file != nil else { return .memory(bytes) }
    try flush()
    guard let file, fflush(file) == 0 else { throw noRoom() }
    var status = stat()
    if fstat(fileno(file), &status) != 0 { throw noRoom() }
    return .file(try MappedFile(descriptor: fileno(file), status: status, source: source))
  }

  private func noRoom() -> ImportError {
    let reason = "its \(written + bytes.count) bytes need a temporary file: \(systemMessage(errno))"
    return .unreadable(source: source, reason: reason)
  }
}
