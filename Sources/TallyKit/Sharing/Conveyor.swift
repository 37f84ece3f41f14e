import Dispatch
import Synchronization

/// Hands values from one thread to another in their order, and lets the first run ahead only so far.
///
/// For one thread that puts and one that takes. Both may wait: neither may be a task.
final class Conveyor<Value: Sendable>: Sendable {
  /// Nobody takes any more.
  struct Abandoned: Error {}

  private struct State {
    var values: [(value: Value, weight: Int)] = []
    var first = 0
    var weight = 0
    var failure: (any Error)?
    var isWaiting = false
    var isAbandoned = false
  }

  private let limit: Int
  private let state = Mutex(State())
  private let filled = DispatchSemaphore(value: 0)
  private let room = DispatchSemaphore(value: 0)

  /// Creates a conveyor that holds values up to a weight, and one in any case.
  init(limit: Int) { self.limit = limit }

  /// Adds a value; waits where too much was not taken yet.
  ///
  /// - Throws: ``Abandoned``.
  func put(_ value: Value, weight: Int = 0) throws {
    while true {
      let isPut = try state.withLock { state in
        if state.isAbandoned { throw Abandoned() }
        guard state.weight == 0 || state.weight + weight <= limit else {
          state.isWaiting = true
          return false
        }
        state.values.append((value, weight))
        state.weight += weight
        return true
      }
      if isPut { break }
      room.wait()
    }
    filled.signal()
  }

  /// Ends it with an error, which whoever takes gets behind the last value.
  func fail(_ error: any Error) {
    state.withLock { $0.failure = error }
    filled.signal()
  }

  /// The next value; waits for it.
  ///
  /// - Throws: What it was ended with.
  func take() throws -> Value {
    filled.wait()
    let (value, isAwaited) = try state.withLock { state in
      guard state.first < state.values.count else {
        // It stays: whoever asks again is told again.
        filled.signal()
        throw state.failure ?? Abandoned()
      }
      let next = state.values[state.first]
      state.first += 1
      state.weight -= next.weight
      if state.first == state.values.count || state.first == 1_024 {
        state.values.removeFirst(state.first)
        state.first = 0
      }
      defer { state.isWaiting = false }
      return (next.value, state.isWaiting)
    }
    if isAwaited { room.signal() }
    return value
  }

  /// Lets whoever puts stop.
  func abandon() {
    let isAwaited = state.withLock { state in
      state.isAbandoned = true
      defer { state.isWaiting = false }
      return state.isWaiting
    }
    if isAwaited { room.signal() }
  }
}
