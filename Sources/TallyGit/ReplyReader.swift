import Subprocess

/// Takes lines and counted bytes from the output of a git that is still running.
struct ReplyReader {
  private var source: SubprocessOutputSequence.AsyncIterator
  private var buffer: [UInt8] = []
  private var position = 0

  init(_ output: SubprocessOutputSequence) { source = output.makeAsyncIterator() }

  /// Reads more; false at the end.
  private mutating func fill() async throws -> Bool {
    guard let chunk = try await source.next() else { return false }
    if position > 0 {
      buffer.removeFirst(position)
      position = 0
    }
    chunk.withUnsafeBytes { buffer.append(contentsOf: $0) }
    return true
  }

  /// The bytes up to a line end, without it; nil at the end of the output.
  mutating func line(limit: Int) async throws -> [UInt8]? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[position..<end])
        position = end + 1
        return line
      }
      if buffer.count - position > limit { return nil }
      let known = buffer.count - position
      if try await !fill() { return nil }
      searched = position + known
    }
  }

  /// Exactly so many bytes; nil when the output ends before.
  mutating func bytes(_ count: Int) async throws -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    while true {
      let taken = min(count - result.count, buffer.count - position)
      result.append(contentsOf: buffer[position..<position + taken])
      position += taken
      if result.count == count { return result }
      if try await !fill() { return nil }
    }
  }

  /// Passes over so many bytes; false when the output ends before.
  mutating func skip(_ count: Int) async throws -> Bool {
    var left = count
    while true {
      let taken = min(left, buffer.count - position)
      position += taken
      left -= taken
      if left == 0 { return true }
      if try await !fill() { return false }
    }
  }
}
