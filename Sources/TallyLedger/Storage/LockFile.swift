#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Makes writers queue before they ask SQLite, which serves waiting writers in no order at all.
///
/// An exclusive `flock` on `PATH.lock`, a file of its own: closing any other descriptor of the ledger would drop SQLite's locks. It is
/// removed while still held; whoever then holds a removed file notices, and takes the new one.
struct LockFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Waits for the lock; `name` is what errors call the ledger.
  ///
  /// - Throws: ``LedgerError`` when it is not free in time or the file cannot be made.
  init(ledger: String, name: String, waitMilliseconds: Int) throws(LedgerError) {
    let path = ledger + ".lock"
    var waited = 0
    while true {
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard file >= 0 else {
        if errno == EINTR { continue }
        throw errno == ENOSPC ? .diskFull(path: name) : .readOnly(path: name)
      }
      if flock(file, LOCK_EX | LOCK_NB) == 0 {
        if LockFile.isCurrent(file, path) {
          descriptor = file
          self.path = path
          return
        }
        close(file)
        continue
      }
      let reason = errno
      close(file)
      if reason == EINTR { continue }
      guard reason == EWOULDBLOCK else {
        throw .inputOutput(path: name, reason: String(cString: strerror(reason)))
      }
      guard waited < waitMilliseconds else { throw .locked(path: name) }
      usleep(2_000)
      waited += 2
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Whether the descriptor is still the file that the path names.
  private static func isCurrent(_ file: Int32, _ path: String) -> Bool {
    var held = stat()
    var named = stat()
    guard fstat(file, &held) == 0, stat(path, &named) == 0 else { return false }
    return held.st_ino == named.st_ino && held.st_dev == named.st_dev
  }
}
