import Subprocess
import Synchronization

/// What `git cat-file --batch` says to one name.
enum ObjectReply: Sendable {
  /// The object, whole.
  case found(id: [UInt8], kind: String, bytes: [UInt8])
  /// The object is there, but longer than was asked for.
  case tooLarge(id: [UInt8], kind: String, size: Int)
  case missing
  case ambiguous
}

/// One `git cat-file --batch` that is started by the first question and stays until nobody can ask any more.
///
/// Questions are answered one after the other. When git dies of a damaged object, the question fails and the next one starts
/// another git.
final class ObjectSession: Sendable {
  private let questions: AsyncStream<Question>.Continuation

  init(command: GitCommand) {
    let (stream, continuation) = AsyncStream<Question>.makeStream()
    questions = continuation
    Task.detached { await Self.answer(stream, with: command) }
  }

  deinit { questions.finish() }

  /// Asks for objects by name and hands each reply to `deliver`, in order, with the name's place.
  ///
  /// - Throws: ``GitError``, what `deliver` throws, `CancellationError`.
  func ask(
    _ names: [String],
    sizeLimit: Int,
    deliver: @escaping @Sendable (Int, ObjectReply) throws -> Void
  ) async throws {
    try Task.checkCancellation()
    let question = Question(names: names, sizeLimit: sizeLimit, deliver: deliver)
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        question.begin(continuation)
        questions.yield(question)
      }
    } onCancel: {
      question.end(.failure(CancellationError()))
    }
  }

  /// Asks for one object.
  func ask(_ name: String, sizeLimit: Int) async throws -> ObjectReply {
    let box = SharedBox<ObjectReply>(.missing)
    try await ask([name], sizeLimit: sizeLimit) { _, answer in box.set(answer) }
    return box.get()
  }

  /// Runs git as long as there are questions; ends when the stream does.
  private static func answer(_ stream: AsyncStream<Question>, with command: GitCommand) async {
    var questions = stream.makeAsyncIterator()
    while let first = await questions.next() {
      if first.isOver { continue }
      var current = first
      do {
        let result = try await Subprocess.run(
          command.configuration(ObjectConversation.arguments(isBuffered: false)),
          input: .inputWriter,
          output: .sequence,
          error: .bytes(limit: .max)
        ) { execution -> ObjectConversation.End in
          var conversation = ObjectConversation(
            writer: execution.standardInputWriter,
            output: execution.standardOutput
          )
          while true {
            let end = await conversation.hold(current)
            if end != .complete { return end }
            current.end(.success(()))
            repeat {
              guard let next = await questions.next(isolation: #isolation) else { return .complete }
              current = next
            } while current.isOver
          }
        }
        if case .silent(let name) = result.closureResult {
          let message = String(decoding: result.standardError, as: UTF8.self)
          let status = GitCommand.number(of: result.terminationStatus)
          current.end(.failure(Self.failure(name, status, message, command)))
        }
      } catch {
        current.end(.failure(GitCommand.translate(error)))
      }
    }
  }

  /// What to say when git ended without answering.
  static func failure(
    _ name: String,
    _ status: Int,
    _ message: String,
    _ command: GitCommand
  ) -> any Error {
    if message.contains("promisor remote") { return PromisedObject() }
    let error = GitError.diagnose(
      command: "git cat-file",
      status: status,
      message: message,
      folder: command.folder
    )
    switch error {
    case .commandFailed where message.isEmpty:
      // Killed from outside: that says nothing about the object.
      return error
    case .commandFailed, .corruptObject:
      return GitError.corruptObject(name: name, reason: GitError.firstLine(of: message))
    default: return error
    }
  }
}

/// A partial clone would have to fetch an object, which is never done.
struct PromisedObject: Error {}

/// Some names to ask for, and who waits for the answer.
final class Question: Sendable {
  let names: [String]
  let sizeLimit: Int
  let deliver: @Sendable (Int, ObjectReply) throws -> Void
  private let state = Mutex<State>(.new)

  private enum State {
    case new
    case waiting(CheckedContinuation<Void, any Error>)
    case over(Result<Void, any Error>)
  }

  init(
    names: [String],
    sizeLimit: Int,
    deliver: @escaping @Sendable (Int, ObjectReply) throws -> Void
  ) {
    self.names = names
    self.sizeLimit = sizeLimit
    self.deliver = deliver
  }

  /// True when nobody waits any more.
  var isOver: Bool { outcome != nil }

  /// How the question ended; nil while it is open.
  var outcome: Result<Void, any Error>? {
    state.withLock { state in
      if case .over(let result) = state { result } else { nil }
    }
  }

  /// Lets a caller wait; resumes it at once when the question is over already.
  func begin(_ continuation: CheckedContinuation<Void, any Error>) {
    let result = state.withLock { state -> Result<Void, any Error>? in
      if case .over(let result) = state { return result }
      state = .waiting(continuation)
      return nil
    }
    if let result { continuation.resume(with: result) }
  }

  /// Resumes the caller; only the first call counts.
  func end(_ result: Result<Void, any Error>) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
      defer { if case .over = state {} else { state = .over(result) } }
      if case .waiting(let continuation) = state { return continuation }
      return nil
    }
    waiter?.resume(with: result)
  }
}

/// A value that closures of several tasks can share.
final class SharedBox<Value: Sendable>: Sendable {
  private let value: Mutex<Value>

  init(_ value: Value) { self.value = Mutex(value) }

  func set(_ new: Value) { value.withLock { $0 = new } }

  func get() -> Value { value.withLock { $0 } }

  func update(_ change: (inout Value) -> Void) { value.withLock { change(&$0) } }
}
