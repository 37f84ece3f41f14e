/// What `tally init` asks a person because no file says it.
public enum StartQuestion: Sendable, Hashable {
  /// Which CI system runs here; answered by one of ``PipelineHost``, or nothing.
  case host
  /// Which scanners run here; answered by names with commas between, or nothing.
  case scanners(suggested: [String])
  /// Which issue the work is tracked in.
  case issue
  /// The last day of the work.
  case due
  /// Whether to write the lines for CI into a file; answered by yes or no.
  case writeFile(path: String)

  /// The question, with what nothing means.
  public var text: String {
    switch self {
    case .host:
      "Which CI system runs here (\(PipelineHost.allCases.map(\.rawValue).joined(separator: ", ")))?"
        + " [none]"
    case .scanners(let suggested):
      "Which scanners run here, with commas between? [\(suggested.isEmpty ? "none" : suggested.joined(separator: ","))]"
    case .issue: "Which issue is the work tracked in? [none]"
    case .due: "On which day should it be done, such as 2026-12-18? [none]"
    case .writeFile(let path): "Write the lines for CI to \(path)? [no]"
    }
  }
}
