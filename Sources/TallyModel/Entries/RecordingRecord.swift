/// The run of a CI system that recorded something.
public struct CIRun: Sendable, Hashable {
  /// The system and what its numbers count in, such as `github-actions/CI`: numbers of one series can be compared.
  public let series: String
  /// What the jobs of one run have in common, such as GitHub's run id.
  public let id: String
  /// The run's number in its series, if the system gives one.
  public let order: Int?
  /// Which try of the run it is, from 1.
  public let attempt: Int

  /// Creates a run.
  public init(series: String, id: String, order: Int?, attempt: Int) {
    self.series = series
    self.id = id
    self.order = order
    self.attempt = attempt
  }
}

/// That scans and test runs were recorded together, at a time, by a run of CI: what no report says of itself.
///
/// Evidence, outside the ids of what was recorded: the same bytes are the same scan whoever records them when. Of several recordings of one
/// scan the earliest time counts, and it belongs to every run that brought it.
public struct RecordingRecord: Sendable, Hashable {
  /// The scans and test runs, sorted, each once.
  public let entries: [EntryID]
  /// When, by the clock of who recorded them.
  public let recorded: Timestamp
  /// The run of CI, if it was one.
  public let run: CIRun?

  /// Creates a record; entries are sorted and each is kept once.
  public init(entries: [EntryID], recorded: Timestamp, run: CIRun?) {
    self.entries = Set(entries).sorted()
    self.recorded = recorded
    self.run = run
  }
}
