import Foundation
import TallyKit

#if canImport(Glibc)
  import Glibc
#endif

/// One line on standard error that says what is going on, only on a terminal, only when it takes longer than a moment.
final class ProgressLine: @unchecked Sendable {
  private let lock = NSLock()
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let begun = DispatchTime.now().uptimeNanoseconds
  private var isShown = false

  /// Shows a sentence in place of the last; nothing before half a second has passed.
  func show(_ sentence: String) {
    guard isTerminal, DispatchTime.now().uptimeNanoseconds - begun > 500_000_000 else { return }
    lock.withLock {
      isShown = true
      let text = VisibleOutput.text(sentence)
      FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }
  }

  /// Takes the line away.
  func clear() {
    lock.withLock {
      if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
      isShown = false
    }
  }
}

/// Standard input, read when a file is named `-`.
enum StandardInput {
  /// Every byte up to the end.
  ///
  /// - Throws: `StreamError`.
  @Sendable static func read() throws -> [UInt8] { try read(enough: .max) }

  /// Every byte up to the end, or a few more than are enough.
  static func read(enough: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var portion = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if bytes.count > enough { return bytes }
      let count = Glibc.read(STDIN_FILENO, &portion, portion.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes += portion[..<count]
      } else if errno != EINTR {
        throw StreamError.input(reason: String(cString: strerror(errno)))
      }
    }
  }
}
