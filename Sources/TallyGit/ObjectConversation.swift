import Subprocess

/// The two sides of one running `git cat-file --batch`.
struct ObjectConversation {
  /// How a question ended.
  enum End: Sendable, Equatable {
    case complete
    /// git said nothing to this name.
    case silent(name: String)
    /// Nobody waits any more, or the receiver threw; the rest of the answer is still in the pipe.
    case abandoned
  }

  private let writer: StandardInputWriter
  private var reader: ReplyReader

  init(writer: StandardInputWriter, output: SubprocessOutputSequence) {
    self.writer = writer
    reader = ReplyReader(output)
  }

  /// The call; buffered answers come faster, but only when the input has ended.
  static func arguments(isBuffered: Bool) -> [String] {
    isBuffered ? ["cat-file", "--batch", "--buffer"] : ["cat-file", "--batch"]
  }

  /// Asks and takes the answers, writing and reading at once, so that neither side can fill a pipe and wait for the other.
  ///
  /// `endsInput` closes git's input after the last name.
  mutating func hold(_ question: Question, endsInput: Bool = false) async -> End {
    let names = question.names
    let writer = writer
    // A short question fits into any pipe: no second task is needed.
    if !endsInput, names.reduce(0, { $0 + $1.utf8.count + 1 }) <= 2048 {
      guard await Self.write(names, to: writer) else {
        return .silent(name: names.first ?? "")
      }
      return await receive(question)
    }
    var end = End.abandoned
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = await Self.write(names, to: writer)
        if endsInput { try? await writer.finish() }
      }
      end = await receive(question)
      if end != .complete { group.cancelAll() }
    }
    return end
  }

  private static func write(_ names: [String], to writer: StandardInputWriter) async -> Bool {
    var chunk: [UInt8] = []
    for (index, name) in names.enumerated() {
      chunk.append(contentsOf: name.utf8)
      chunk.append(UInt8(ascii: "\n"))
      if chunk.count < 32_768 && index < names.count - 1 { continue }
      let written = try? await writer.write(chunk)
      if written != chunk.count { return false }
      chunk.removeAll(keepingCapacity: true)
    }
    return true
  }

  private mutating func receive(_ question: Question) async -> End {
    for (index, name) in question.names.enumerated() {
      if question.isOver || Task.isCancelled { return .abandoned }
      do {
        guard let reply = try await reply(to: name, sizeLimit: question.sizeLimit) else {
          return .silent(name: name)
        }
        try question.deliver(index, reply)
      } catch {
        question.end(.failure(GitCommand.translate(error)))
        return .abandoned
      }
    }
    return .complete
  }

  /// One answer: `<id> <kind> <size>`, the bytes and a line end; or the name and a word.
  private mutating func reply(to name: String, sizeLimit: Int) async throws -> ObjectReply? {
    guard let header = try await reader.line(limit: name.utf8.count + 256) else { return nil }
    if header.elementsEqual("\(name) missing".utf8) { return .missing }
    if header.elementsEqual("\(name) ambiguous".utf8) { return .ambiguous }
    let words = header.split(separator: UInt8(ascii: " "))
    guard words.count == 3, let size = Int(String(decoding: words[2], as: UTF8.self)), size >= 0
    else {
      throw GitError.unexpectedOutput(
        command: "git cat-file",
        reason: "'\(String(decoding: header.prefix(80), as: UTF8.self))'"
      )
    }
    let id = Array(words[0])
    let kind = String(decoding: words[1], as: UTF8.self)
    if size > sizeLimit {
      guard try await reader.skip(size + 1) else { return nil }
      return .tooLarge(id: id, kind: kind, size: size)
    }
    guard let bytes = try await reader.bytes(size), try await reader.skip(1) else { return nil }
    return .found(id: id, kind: kind, bytes: bytes)
  }
}
