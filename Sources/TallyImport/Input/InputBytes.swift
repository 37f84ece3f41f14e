internal import Glibc

/// The bytes of one report: a mapped file, or bytes that came from elsewhere.
///
/// A regular file is mapped and not copied. A compressed one (gzip, told by its first two bytes) is
/// inflated, into memory while it is small, else into a temporary file, as is what comes from a
/// pipe. Never empty.
public final class InputBytes: Sendable {
  /// The input's name in messages, as the user gave it.
  public let name: String
  /// How many bytes, after decompression.
  public let count: Int
  /// True when the input was compressed.
  public let isCompressed: Bool

  private enum Storage: Sendable {
    case mapped(MappedFile)
    case memory([UInt8])

    init(_ content: consuming SpooledBytes.Content) {
      switch content {
      case .memory(let bytes): self = .memory(bytes)
      case .file(let file): self = .mapped(file)
      }
    }

    var count: Int {
      switch self {
      case .mapped(let file): file.bytes.count
      case .memory(let bytes): bytes.count
      }
    }
  }
  private let storage: Storage

  /// Takes bytes from memory and inflates them if they are compressed.
  ///
  /// - Throws: ``ImportError`` when there are none, too many, or the compressed stream is damaged.
  public init(
    bytes: [UInt8],
    name: String,
    limits: ImportLimits = ImportLimits()
  ) throws(ImportError) {
    self.name = name
    if bytes.count > limits.bytesMax {
      throw .limitExceeded(source: name, what: "bytes", found: bytes.count, limit: limits.bytesMax)
    }
    isCompressed = Gunzip.recognizes(bytes.prefix(2))
    storage =
      isCompressed
      ? try borrow(bytes) { (raw) throws(ImportError) in
        try InputBytes.inflated(raw, name: name, limits: limits)
      } : .memory(bytes)
    count = storage.count
    if count == 0 { throw .empty(source: name) }
  }

  private static func inflated(
    _ bytes: UnsafeRawBufferPointer,
    name: String,
    limits: ImportLimits
  ) throws(ImportError) -> Storage {
    let unit = "bytes after decompression"
    var spool = SpooledBytes(source: name, unit: unit, bytesMax: limits.bytesMax)
    try Gunzip.inflate(bytes, into: &spool)
    return Storage(try spool.finish())
  }

  /// Opens a file; `name` is what messages call it, by default its path.
  ///
  /// - Throws: ``ImportError`` when it is missing, a directory, unreadable, empty, too large or a
  ///   damaged gzip file.
  public convenience init(
    path: String,
    name: String? = nil,
    limits: ImportLimits = ImportLimits()
  ) throws(ImportError) {
    let name = name ?? path
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    if descriptor < 0 {
      let failure = errno
      if failure == ENOENT || failure == ENOTDIR { throw .notFound(source: name) }
      throw .unreadable(source: name, reason: systemMessage(failure))
    }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, name: name, limits: limits)
  }

  /// Reads or maps what an open descriptor refers to, such as standard input (0); the descriptor
  /// stays open.
  ///
  /// - Throws: ``ImportError`` as for a path.
  public convenience init(
    descriptor: Int32,
    name: String,
    limits: ImportLimits = ImportLimits()
  ) throws(ImportError) {
    var status = stat()
    if fstat(descriptor, &status) != 0 {
      throw .unreadable(source: name, reason: systemMessage(errno))
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(source: name) }
    // A file in /proc says it has no bytes; a descriptor that was read from before does not start
    // at 0.
    if status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
      && lseek(descriptor, 0, SEEK_CUR) == 0
    {
      let size = Int(status.st_size)
      if size > limits.bytesMax {
        throw .limitExceeded(source: name, what: "bytes", found: size, limit: limits.bytesMax)
      }
      let file = try MappedFile(descriptor: descriptor, status: status, source: name)
      try self.init(file: file, name: name, limits: limits)
    } else {
      switch try readAll(descriptor, source: name, bytesMax: limits.bytesMax) {
      case .memory(let bytes): try self.init(bytes: bytes, name: name, limits: limits)
      case .file(let file): try self.init(file: file, name: name, limits: limits)
      }
    }
  }

  private init(file: MappedFile, name: String, limits: ImportLimits) throws(ImportError) {
    self.name = name
    isCompressed = Gunzip.recognizes(file.bytes.prefix(2))
    if isCompressed {
      storage = try InputBytes.inflated(file.bytes, name: name, limits: limits)
      try file.checkUnchanged(source: name)
    } else {
      storage = .mapped(file)
    }
    count = storage.count
    if count == 0 { throw .empty(source: name) }
  }

  /// Calls `body` with all bytes.
  ///
  /// - Throws: what `body` throws, and ``ImportError`` when the file changed since it was opened:
  ///   then what `body` saw may be wrong, and its error too.
  public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(ImportError) -> Result
  ) throws(ImportError) -> Result {
    switch storage {
    case .memory(let bytes):
      return try borrow(bytes, body)
    case .mapped(let file):
      let result: Result
      do throws(ImportError) {
        result = try body(file.bytes)
      } catch {
        try file.checkUnchanged(source: name)
        throw error
      }
      try file.checkUnchanged(source: name)
      return result
    }
  }

  /// The first bytes, at most `length` of them.
  public func prefix(_ length: Int) throws(ImportError) -> [UInt8] {
    try withUnsafeBytes { Array($0.prefix(length)) }
  }
}

/// Calls `body` with the array's bytes; `withUnsafeBytes` does not keep the type of an error.
private func borrow<Value>(
  _ bytes: [UInt8],
  _ body: (UnsafeRawBufferPointer) throws(ImportError) -> Value
) throws(ImportError) -> Value {
  let result = bytes.withUnsafeBytes { raw in
    Result { () throws(ImportError) in try body(raw) }
  }
  return try result.get()
}

/// What the system calls an error, such as `Permission denied`.
func systemMessage(_ number: Int32) -> String {
  guard let text = strerror(number) else { return "error \(number)" }
  return String(cString: text)
}

private func readAll(
  _ descriptor: Int32,
  source: String,
  bytesMax: Int
) throws(ImportError) -> SpooledBytes.Content {
  var bytes = SpooledBytes(source: source, unit: "bytes", bytesMax: bytesMax)
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let got = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if got == 0 { return try bytes.finish() }
    if got < 0 {
      if errno == EINTR { continue }
      throw .unreadable(source: source, reason: systemMessage(errno))
    }
    try bytes.append(chunk[..<got])
  }
}
