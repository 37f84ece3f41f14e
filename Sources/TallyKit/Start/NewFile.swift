import TallyModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes a file of which nobody else's is lost.
struct NewFile {
  /// The top of the repository, absolute; what lies below it may not lead out of it by a link.
  let top: String
  /// Absolute.
  let path: String
  /// What messages call it.
  let name: String

  /// Says whether something stands at the path, a link that leads nowhere too.
  var exists: Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Writes the file with its folders; replaces what is there only if told, and a link itself, never what it leads to.
  ///
  /// - Throws: ``StartError``.
  func write(_ text: String, replacing: Bool) throws(StartError) {
    try makeFolder(Self.folder(of: path))
    let place = replacing ? "\(path).tally-init-\(getpid())" : path
    let descriptor = open(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      if errno == EEXIST { throw .exists(path: name) }
      throw failure()
    }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Self.writeSome(descriptor, $0) }
      if count < 0 {
        if errno == EINTR { continue }
        let error = failure()
        close(descriptor)
        unlink(place)
        throw error
      }
      bytes = bytes.dropFirst(count)
    }
    close(descriptor)
    if replacing, rename(place, path) != 0 {
      let error = failure()
      unlink(place)
      throw error
    }
  }

  /// Takes back a file that was new.
  func remove() { unlink(path) }

  private static func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  private func failure() -> StartError {
    .cannotWrite(path: name, reason: String(cString: strerror(errno)))
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "." }
    return String(path[..<slash])
  }

  private func makeFolder(_ folder: String) throws(StartError) {
    var status = stat()
    if stat(folder, &status) != 0 {
      let above = Self.folder(of: folder)
      if above != folder, !above.isEmpty { try makeFolder(above) }
      if mkdir(folder, 0o777) != 0, errno != EEXIST { throw failure() }
    }
    guard path.hasPrefix(top + "/") else { return }
    guard let real = Self.real(folder), let realTop = Self.real(top) else { throw failure() }
    if real != realTop, !real.hasPrefix(realTop + "/") { throw .leadsOutside(path: name) }
  }

  private static func real(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
}
