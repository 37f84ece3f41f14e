import TallyBooks
import TallyLedger
import TallyModel
import TallyTracking

extension LanePoster {
  /// Posts a lane with this program's ids, its knowledge of which tool obeys which comment, and what the journal's configuration says.
  ///
  /// - Parameters:
  ///   - facts: what is read.
  ///   - lane: the lane.
  ///   - reader: the journal, where the facts are not its own.
  /// - Returns: The poster.
  /// - Throws: `LedgerError`.
  static func standard(
    facts: any FactReader,
    of lane: LaneKey,
    in reader: LedgerReader
  ) throws -> LanePoster {
    let named = try RuleNames(reader, of: lane).aliases
    let published: RuleRenames = { tool, listed in RuleAliases.of(tool: tool, listed: listed) }
    let renamed: RuleRenames = { tool, listed in
      RuleAliases.of(tool: tool, listed: listed, configured: named)
    }
    return LanePoster(
      facts: facts,
      matcher: Matcher(),
      mint: Mint(),
      silences: { map, finding, lane in map.isSuppressed(finding, tool: lane.tool) },
      findSilenced: { new, before, gone, lane in
        new.silenced(gone, before: before, tool: lane.tool)
      },
      renamedRules: renamed,
      published: named.isEmpty ? nil : published
    )
  }

  /// The same where the facts are the journal's.
  static func standard(facts: LedgerReader, of lane: LaneKey) throws -> LanePoster {
    try standard(facts: facts, of: lane, in: facts)
  }
}

/// The rules of a lane that a team says have another name now: as the configuration has it that counts last, for the whole past.
///
/// A configuration that this program cannot read names none.
struct RuleNames: Equatable {
  /// Old names with the present ones.
  let aliases: [String: String]

  /// Reads what a journal holds.
  ///
  /// - Parameters:
  ///   - reader: the journal.
  ///   - lane: the lane.
  ///   - isBefore: leaves out what came in this transaction.
  /// - Throws: `LedgerError`.
  init(_ reader: LedgerReader, of lane: LaneKey, isBefore: Bool = false) throws {
    // Parsing takes longer than looking.
    let text = try reader.ruleConfiguration(of: lane, isBefore: isBefore)
    guard let text, text.contains("rule_aliases") else {
      aliases = [:]
      return
    }
    aliases = (try? TallyConfiguration.parse(text).ruleAliases(of: lane.tool)) ?? [:]
  }
}
