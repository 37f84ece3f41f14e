import TallyReport

/// Where a number of a post comes from: its places in the text, and what stands behind each.
public struct WhyAnswer: CommandAnswer {
  /// Where the number stands in the text.
  public struct Place: Codable, Sendable, Hashable {
    /// The line in the text that was given, from 1.
    public var line: Int
    /// The character in that line as it is compared, from 1.
    public var column: Int
    /// The number as it stands there.
    public var text: String
    /// The line around it.
    public var sentence: String
    /// The name of the context whose text it stands in; nil for what the template says by itself, and where the line differs.
    public var name: String?
    /// False where the ledger says something else in that line.
    public var isSame: Bool
    /// What the ledger says in that line; nil where it is the same, and where it has no such line.
    public var ledger: String?
    /// Which of `answers` explains it, from 0; nil where the line differs.
    public var answer: Int?
  }

  /// What stands behind a number.
  public struct Answer: Codable, Sendable, Hashable {
    /// The name of the number in the context, such as `priorities[1].count`; of the text it stands in where it has no own one; nil for what the
    /// template says by itself.
    public var name: String?
    /// `number`, `derived`, `sentence`, `fixed`, `date`, `digest`, `violation`, `data`, `configuration`, `measured`, `picture`, `lead` or `template`.
    public var kind: String
    /// The number as it stands in the post.
    public var text: String
    /// What the name means, as `docs/template-context.md` says it; nil without a name.
    public var meaning: String?
    /// How it was computed, or what it is.
    public var how: String
    /// The numbers it follows from; empty for a count of rows.
    public var operands: [Operand]
    /// How many rows there are; nil for what is no count of rows.
    public var count: Int?
    /// The first of the violations that were counted, by path and line; with `--all` every one.
    public var violations: [Violation]
    /// The first of the postings that were counted, in order; with `--all` every one.
    public var postings: [Posting]
    /// The first of the test cases that were counted, by id; with `--all` every one.
    public var tests: [Test]
    /// The samples a measured value is made of.
    public var samples: [Sample]
    /// How many rows are left out.
    public var more: Int
    /// The first of the entries it rests on, in the order of the journal; with `--all` every one.
    public var entries: [Entry]
    /// How many entries are left out.
    public var moreEntries: Int
    /// A command that lists the same; nil where there is none.
    public var command: String?
  }

  /// A number that another one follows from.
  public struct Operand: Codable, Sendable, Hashable {
    /// Its name in the context.
    public var name: String
    /// What it is.
    public var value: String
    /// What the name means; nil where nobody said so.
    public var meaning: String?
  }

  /// A violation that was counted.
  public struct Violation: Codable, Sendable, Hashable {
    /// Short, such as `T-7K3QF2`.
    public var id: String
    /// The rule's id.
    public var rule: String
    /// The file at that time; empty for a finding about no file.
    public var path: String
    /// The line, from 1; nil where it is not known any more.
    public var line: Int?
    /// The priority; nil for a campaign without any.
    public var priority: String?
    /// Since when it is in that state, in UTC; nil when it is not known.
    public var since: String?
    /// `open`, `suppressed`, `waived` or `closed`.
    public var state: String
  }

  /// A posting that was counted.
  public struct Posting: Codable, Sendable, Hashable {
    /// The violation's id, short.
    public var id: String
    /// The rule's id.
    public var rule: String
    /// The file: before for what leaves, after for what enters.
    public var path: String
    /// The cause, such as `fixed`.
    public var cause: String
    /// How the cause is known, such as `direct`.
    public var basis: String
    /// When it counts, in UTC; nil for what only changed its row.
    public var time: String?
    /// The commit, all digits; nil where none is known.
    public var commit: String?
    /// True when that one commit did it, false when it stands for the range up to it.
    public var isExactCommit: Bool
    /// The first line of the commit's message.
    public var subject: String?
  }

  /// A test case that was counted.
  public struct Test: Codable, Sendable, Hashable {
    /// The case's id.
    public var id: String
    /// `passed`, `failed`, `error`, `skipped` or `flaky`.
    public var outcome: String
    /// The lane, such as `pytest@main`.
    public var lane: String
    /// The tested commit, all digits.
    public var commit: String
  }

  /// A sample of a measurement.
  public struct Sample: Codable, Sendable, Hashable {
    /// The measurement's name.
    public var name: String
    /// The value as it was recorded.
    public var value: String
    /// The measured commit, all digits.
    public var commit: String
  }

  /// An entry of the journal, and the proof that it is in it.
  public struct Entry: Codable, Sendable, Hashable {
    /// Its id, 64 hexadecimal digits.
    public var id: String
    /// `scan`, `tests`, `measurements`, `waiver` and so on.
    public var kind: String
    /// Lane or owner; nil where it has none.
    public var subject: String?
    /// The commit it is about, all digits; nil for none.
    public var commit: String?
    /// When it arrived, in UTC.
    public var arrived: String
    /// Its leaf's place in the log, from 0.
    public var leaf: Int
    /// The hash of the leaf, 64 hexadecimal digits.
    public var leafHash: String
    /// The hashes from the leaf to the root, RFC 6962.
    public var path: [String]
    /// True when they lead to the root of the post.
    public var isProved: Bool
  }

  /// How many rows are shown without `--all`.
  static let rowsMax = 10

  /// The form of this answer.
  public var version = 1
  /// What was asked for.
  public var number: String
  /// What the text was called.
  public var source: String
  /// What the post says of how it was made.
  public var post: CheckAnswer.Post
  /// The root of the entries that the post was made from, 64 hexadecimal digits.
  public var root: String
  /// Where the number stands, in order.
  public var places: [Place]
  /// What stands behind it, in the order of the places; places that mean the same share one.
  public var answers: [Answer]
  /// True where the text differs from what the ledger says in a line that holds the number.
  public var differs: Bool
}
