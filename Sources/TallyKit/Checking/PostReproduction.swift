import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// Why a post cannot be made again from this ledger.
struct PostObstacle: Error {
  /// One phrase.
  let reason: String
  /// What to do about it.
  let hint: String?
}

extension PostObstacle {
  /// The obstacle that an error is; the error itself where it is no answer to the question.
  fileprivate static func of(_ error: any Error) -> any Error {
    if error is LedgerError || error is PostObstacle { return error }
    guard let error = error as? any UserFacingError else { return error }
    return PostObstacle(reason: error.description, hint: error.hint)
  }
}

/// A post that was made again from what its footer says.
struct PostReproduction {
  /// How its journal stands to the ledger.
  struct Journal {
    /// How many entries the ledger holds.
    let size: Int
    /// The root of the entries that the post was made from, in all digits; empty where there are fewer.
    let root: String
  }

  let journal: Journal
  /// Where the configuration was found, in words.
  let configurationPlace: String
  let draft: ReportDraft
  /// What the ledger says, as text.
  let text: String
}

extension Workspace {
  /// The size of the ledger and the root of its first entries, and the post of these bytes that was recorded.
  func journal(
    of footer: PostFooter,
    outputs: [RawDigest]
  ) throws -> (journal: PostReproduction.Journal, recorded: EntryID?) {
    try openLedger(.readOnly).read {
      (reader) throws -> (journal: PostReproduction.Journal, recorded: EntryID?) in
      let size = try reader.size()
      let root = footer.entries <= size ? try reader.root(at: footer.entries).description : ""
      let recorded = try reader.issuedReports(project: try project(in: reader)).last { post in
        outputs.contains(post.record.output) && post.record.journalSize == footer.entries
      }
      return (PostReproduction.Journal(size: size, root: root), recorded?.id)
    }
  }

  /// Makes a post again and gives it on, with the books it was made from.
  ///
  /// - Throws: ``PostObstacle`` where that is not possible; `LedgerError` where the ledger cannot be read; what the closure throws.
  func reproduce<Answer>(
    _ given: GivenPost,
    _ journal: PostReproduction.Journal,
    _ body: (PostReproduction, BooksView, LoadedConfiguration) throws -> Answer
  ) async throws -> Answer {
    let footer = given.footer
    try check(footer, against: journal)
    guard let asOf = Timestamp(iso8601: footer.asOf) else {
      throw PostObstacle(reason: "'\(footer.asOf)' is no time", hint: nil)
    }
    let known = footer.entries == journal.size ? nil : footer.entries
    let (applied, place) = try openLedger(.readOnly).read { try findConfiguration(of: footer, $0) }
    let request = ReportRequest(
      template: footer.template,
      campaign: footer.campaign.isEmpty ? nil : footer.campaign,
      all: footer.isAll,
      change: GateRequest(
        base: footer.change?.base,
        commit: footer.change?.commit,
        branch: footer.change?.branch
      )
    )
    let parts = try await obstructed { () async throws -> Parts in
      try check(footer, in: applied.templateSet, applied)
      let needs = try needs(of: request, in: applied.templateSet)
      if needs.change, known != nil {
        let later = Wording.counted(journal.size - footer.entries, "entry", "entries")
        throw PostObstacle(
          reason: "it shows a change beside the whole ledger, and \(later) came since",
          hint: "check such a post before the next ingest"
        )
      }
      var past = self
      past.now = asOf
      return Parts(
        needs: needs,
        change: needs.change ? try await past.change(request, needs) : nil,
        verification: needs.verification ? try await verify().context : nil
      )
    }
    return try openLedger(.readOnly).read(knownAt: known) { reader throws -> Answer in
      let view = try BooksView.load(reader, time: ResolvedTime(asOf: asOf, knownAt: known))
        .speaking(
          of: try project(in: reader),
          branch: applied.configuration.branch,
          besides: applied.configuration.share.projects
        )
      let made = try obstructed { () throws -> PostReproduction in
        let draft = try draft(
          request,
          parts.needs,
          view,
          applied,
          parts.change,
          parts.verification,
          claims: footer
        )
        return PostReproduction(
          journal: journal,
          configurationPlace: place,
          draft: draft,
          text: given.isData ? draft.contextJSON : try draft.rendered()
        )
      }
      return try body(made, view, applied)
    }
  }

  /// What a post needs beside the books.
  private struct Parts {
    let needs: ReportNeeds
    let change: ChangeContext?
    let verification: ReportContext.Verification?
  }

  /// Does something, and says of what goes wrong that the post cannot be made again.
  private func obstructed<Value>(_ body: () async throws -> Value) async throws -> Value {
    do { return try await body() } catch { throw PostObstacle.of(error) }
  }

  private func obstructed<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw PostObstacle.of(error) }
  }

  private func check(
    _ footer: PostFooter,
    against journal: PostReproduction.Journal
  ) throws(PostObstacle) {
    let read = Wording.counted(footer.entries, "entry", "entries")
    if footer.entries > journal.size {
      throw PostObstacle(
        reason: "it was made from \(read), and this ledger holds "
          + Wording.grouped(journal.size),
        hint: "'tally pull' brings the others, if they were pushed"
      )
    }
    if !journal.root.hasPrefix(footer.root) {
      throw PostObstacle(
        reason: "it is not the same history: the first \(read) of this ledger have the root "
          + "\(journal.root.prefix(12)), the post's have \(footer.root)",
        hint: "name the ledger that the post was made from: --ledger PATH"
      )
    }
  }

  private func check(
    _ footer: PostFooter,
    in set: TemplateSet,
    _ configuration: LoadedConfiguration
  ) throws {
    let digest = try configuration.templateDigest(footer.template, in: set)
    if digest.hasPrefix(footer.templateDigest) { return }
    let mine = "tally \(TallyVersion.text)"
    let what = set.isData(footer.template) ? "form of the data" : "template \(footer.template)"
    throw PostObstacle(
      reason:
        "the \(what) changed since: it is \(digest.prefix(12)) now, the post was "
        + "made with \(footer.templateDigest)",
      hint: footer.generator == mine
        ? "the post says it was written by this version; a template of its own may have been used"
        : "the post says it was written by \(footer.generator), and this is \(mine): check it with "
          + "that one"
    )
  }

  /// The configuration whose digest the post has, and where it was found.
  private func findConfiguration(
    of footer: PostFooter,
    _ reader: LedgerReader
  ) throws -> (configuration: LoadedConfiguration, place: String) {
    let chosen = Timestamp(iso8601: footer.configurationDate)
    func fits(_ digest: RawDigest) -> Bool {
      digest.description.hasPrefix(footer.configuration)
    }
    if var file = configurationFile, fits(file.digest) {
      file.chosenFor = chosen
      return (file, "tally.yml as it is")
    }
    if fits(LoadedConfiguration.none.digest) { return (LoadedConfiguration.none, "none") }
    let history = try reader.configurationHistory(project: try project(in: reader))
    for fact in history.reversed() {
      let files = try LoadedConfiguration.files(of: fact, reader)
      guard fits(LoadedConfiguration.digest(of: files)),
        var found = try? LoadedConfiguration.recorded(fact, reader)
      else { continue }
      found.chosenFor = chosen
      return (found, "recorded on \(fact.effective.dateText)")
    }
    throw PostObstacle(
      reason: "the configuration \(footer.configuration) is neither tally.yml as it is nor in the "
        + "ledger",
      hint: "check out the commit that the post was made at, with its tally.yml"
    )
  }
}
