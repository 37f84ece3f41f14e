/// Reads output line by line, however long it is, for what says that a run broke off.
struct JUnitOutput {
  private var line: [UInt8] = []
  private var sawPanic = false
  /// True after a Go program panicked: its word for it, and the stack of a goroutine behind.
  private(set) var panicked = false
  /// The first line that only a runner writes whose run broke off.
  private(set) var sentence: String?

  private static let lineBytesMax = 1024

  /// Takes the next piece.
  mutating func take(_ text: UnsafeBufferPointer<UInt8>) {
    var rest = text[...]
    while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
      append(rest[..<newline])
      endLine()
      rest = rest[(newline + 1)...]
    }
    append(rest)
  }

  /// Ends the last line; every text ends with it.
  mutating func endLine() {
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    if starts(line[...], Self.panics) { sawPanic = true }
    if sawPanic, starts(line[...], [Self.goroutine]), line.contains(UInt8(ascii: "[")) {
      panicked = true
    }
    if sentence == nil, saysSo() { sentence = String(decoding: line, as: UTF8.self) }
    line.removeAll(keepingCapacity: true)
  }

  private mutating func append(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    line.append(contentsOf: bytes.prefix(Self.lineBytesMax - line.count))
  }

  private func saysSo() -> Bool {
    var rest = line.drop { isWhiteSpace($0) }
    for lead in Self.leads where rest.starts(with: lead) { rest = rest.dropFirst(lead.count) }
    return starts(rest, Self.sentences)
  }

  private func starts(_ line: ArraySlice<UInt8>, _ beginnings: [[UInt8]]) -> Bool {
    beginnings.contains { line.first == $0.first && line.starts(with: $0) }
  }

  private static let goroutine = Array("goroutine ".utf8)
  private static let panics = ["panic: ", "fatal error: ", "SIGSEGV: "].map { Array($0.utf8) }
  /// What .NET's logger and Maven write in front.
  private static let leads = ["Error - ", "[ERROR] "].map { Array($0.utf8) }
  /// .NET; Surefire; Gradle; Jest; a Java machine; TAP; Bazel; pytest.
  private static let sentences = [
    "The active test run was aborted", "An exception occurred while invoking executor '",
    "Testhost process for source(s) '", "The forked VM terminated without properly saying goodbye",
    "ExecutionException The forked VM terminated without properly saying goodbye",
    "org.apache.maven.surefire.booter.SurefireBooterForkException: ",
    "Could not complete execution for Gradle Test Executor ",
    "Process 'Gradle Test Executor ", "A jest worker process (pid=",
    "# A fatal error has been detected by the Java Runtime Environment:", "Bail out!",
    "-- Test timed out at ", "INTERNALERROR> ", "xdist: maximum crashed workers reached: ",
  ].map { Array($0.utf8) }
}
