internal import CSimdjson
internal import Glibc

/// A regular file, mapped privately, with what is needed to notice that it changed.
final class MappedFile: Sendable {
  /// Only read through, never written.
  nonisolated(unsafe) private let start: UnsafePointer<UInt8>
  private let count: Int
  private let descriptor: Int32
  private let modified: timespec

  /// Maps the file behind a descriptor, which may be closed afterwards.
  init(descriptor: Int32, status: stat, source: String) throws(ImportError) {
    count = Int(status.st_size)
    modified = status.st_mtim
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    if copy < 0 { throw .unreadable(source: source, reason: systemMessage(errno)) }
    guard let mapped = tally_map(copy, count) else {
      let failure = errno
      close(copy)
      throw .unreadable(source: source, reason: systemMessage(failure))
    }
    self.descriptor = copy
    start = mapped
  }

  deinit {
    tally_unmap(start, count)
    close(descriptor)
  }

  /// All bytes; valid as long as this object.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// - Throws: `import.changed` when the file was cut or written to since it was mapped.
  func checkUnchanged(source: String) throws(ImportError) {
    var now = stat()
    let isSame =
      tally_map_damaged(start) == 0 && fstat(descriptor, &now) == 0 && Int(now.st_size) == count
      && now.st_mtim.tv_sec == modified.tv_sec && now.st_mtim.tv_nsec == modified.tv_nsec
    if !isSame { throw .changed(source: source) }
  }
}
