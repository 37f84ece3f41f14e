import TallyModel

/// Sends requests and tries again where that may help: with growing pauses, a number of times, for a limited time in all.
struct Caller: Sendable {
  /// The most attempts at one request.
  static let attempts = 5
  /// The most seconds that are waited in all.
  static let waitingSeconds = 180

  let curl: Curl
  /// Gets a sentence before each pause.
  let notice: @Sendable (String) -> Void
  /// The attempts at one request; 1 where a person waits for a look only.
  var attempts = Self.attempts
  private var waited = 0

  init(curl: Curl, notice: @escaping @Sendable (String) -> Void) {
    self.curl = curl
    self.notice = notice
  }

  /// What came of a request.
  enum Sent {
    case answered(HTTPAnswer)
    /// It may have been carried out, and must not be repeated before that is known.
    case uncertain(reason: String)
  }

  /// Sends a request; one that may not be carried out twice is repeated only when it was certainly not carried out.
  ///
  /// - Throws: ``HostError``, `CancellationError`.
  mutating func send(_ request: HTTPRequest) async throws -> Sent {
    var attempt = 1
    while true {
      let problem: HostError
      var pause: Int?
      let reason: String
      do {
        let answer = try await curl.send(request)
        if answer.isThrottled {
          pause = answer.pause
          reason = "asks for a pause (\(answer.status))"
          problem = .throttled(host: request.host, seconds: pause)
        } else if answer.status >= 500 {
          if !request.isRepeatable { return .uncertain(reason: "answered \(answer.status)") }
          pause = answer.pause
          reason = "answered \(answer.status)"
          problem = .failing(host: request.host, status: answer.status, attempts: attempt)
        } else {
          return .answered(answer)
        }
      } catch Curl.Failure.unsent(let text) {
        reason = "cannot be reached"
        problem = .unreachable(host: request.host, reason: text)
      } catch Curl.Failure.lost(let text) {
        if !request.isRepeatable { return .uncertain(reason: text) }
        reason = "did not answer"
        problem = .unreachable(host: request.host, reason: text)
      }
      try await wait(pause, attempt: attempt, "\(request.host) \(reason)", else: problem)
      attempt += 1
    }
  }

  /// Sends a request that can be repeated.
  mutating func ask(_ request: HTTPRequest) async throws -> HTTPAnswer {
    switch try await send(request) {
    case .answered(let answer): return answer
    case .uncertain(let reason): throw HostError.unreachable(host: request.host, reason: reason)
    }
  }

  /// Waits before another attempt, as long as the host asks or longer each time; throws where there is none.
  mutating func wait(
    _ pause: Int?,
    attempt: Int,
    _ sentence: String,
    else problem: HostError
  ) async throws {
    let seconds = pause ?? 1 << (attempt - 1)
    guard attempt < attempts, waited + seconds <= Self.waitingSeconds else { throw problem }
    waited += seconds
    notice("\(sentence): trying again in \(seconds) s (\(attempt + 1) of \(attempts))")
    // Jobs that were turned away together do not come back together.
    let milliseconds = seconds * 1000 + (seconds == 0 ? 0 : Int.random(in: 0...250))
    try await Task.sleep(for: .milliseconds(milliseconds))
  }
}
