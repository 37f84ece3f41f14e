public import TallyModel

/// What a ledger took from bundles.
public struct TakenEntries: Sendable {
  /// The entries that are new here, in the order of the journal.
  public var appended: [EntryDraft] = []
  /// How many of them only a newer tally understands.
  public var unknown = 0
  /// How many entries were here already.
  public var known = 0

  /// Creates an answer about nothing.
  public init() {}
}

extension WriteTransaction {
  /// Appends those entries of a bundle that the journal lacks, with the receipts they came with, and stores what they name.
  ///
  /// Books are not made.
  ///
  /// - Parameters:
  ///   - bundle: A bundle that was read, which checked every hash in it.
  ///   - first: How many entries to pass over: those of the same log that are here already.
  ///   - wanted: Which of its entries are taken.
  ///   - onlyNamed: True where texts and objects that no taken entry names are left out.
  ///   - receipt: What to note instead of a receipt; by default the one that came along.
  ///   - taken: Gets what was appended.
  /// - Throws: ``BundleError`` where something is named that is not there; ``LedgerError``.
  public func take(
    _ bundle: EntryBundle,
    from first: Int = 0,
    where wanted: (EntryBody) -> Bool = { _ in true },
    onlyNamed: Bool = false,
    receipt: (Receipt) -> Receipt = { $0 },
    into taken: inout TakenEntries
  ) throws {
    var drafts: [(draft: EntryDraft, receipt: Receipt)] = []
    for (draft, original) in bundle.entries.dropFirst(first) where wanted(draft.body) {
      if try entryStore.find(draft.id) != nil {
        taken.known += 1
      } else {
        drafts.append((draft, receipt(original)))
      }
    }
    if drafts.isEmpty { return }
    var names = BundleNames()
    for item in drafts { names.add(item.draft.body) }
    let reached = onlyNamed ? bundle.objects(namedBy: names) : nil
    let stored = try store(bundle, only: reached, names: &names)
    try saveTexts(
      onlyNamed
        ? bundle.texts.filter { names.texts.contains(StoredFormat.textID($0)) } : bundle.texts
    )
    for item in drafts {
      if item.draft.body.kind == nil { taken.unknown += 1 }
      taken.appended.append(item.draft)
    }
    // Redactions last would leave a redacted text readable for a moment only: nothing is kept before the end.
    let log = LogStore(session: session)
    var peaks = try log.peaks()
    for item in drafts { try append(item.draft, receipt: item.receipt, behind: &peaks) }
    try log.save(peaks)
    try check(names, stored: stored, in: bundle)
    try checkCaptures(drafts.map(\.draft), in: bundle)
  }

  /// Stores the objects that are new; returns the ids of all.
  private func store(
    _ bundle: EntryBundle,
    only reached: Set<[UInt8]>?,
    names: inout BundleNames
  ) throws -> Set<[UInt8]> {
    var ids: Set<[UInt8]> = []
    for (place, object) in bundle.objects.enumerated() {
      if let reached, !reached.contains(object.id) { continue }
      ids.insert(object.id)
      if try self.objects.find(object.id) != nil { continue }
      let base: [UInt8]? =
        switch object.base {
        case .none: nil
        case .outside(let id): id
        case .earlier(let distance): bundle.objects[place - distance].id
        }
      let previous = try base.flatMap { try self.objects.find($0) }
      switch object.content {
      case .sheet(let texts):
        names.add(texts: texts)
        _ = try self.objects.saveSheet(object.id, object.bytes, previous: previous)
        if let id = SheetID(bytes: object.id) { cache.fresh?.keep(sheet: object.bytes, as: id) }
      case .tree(let tree):
        let lines = try tree.lines.map { line in
          guard let number = try self.objects.find(line.sheet.bytes) else {
            throw BundleError.incomplete(
              source: bundle.source,
              what: "it names the object \(line.sheet.description.prefix(12)), which is not there"
            )
          }
          return StoredLine(key: Array(line.path.text.utf8), reference: number)
        }
        _ = try self.objects.saveLines(object.id, .tree, lines, previous: previous)
      case .manifest(let manifest):
        let lines = manifest.lines.map {
          StoredLine(key: Array($0.path.text.utf8), value: $0.blob.bytes)
        }
        _ = try self.objects.saveLines(object.id, .manifest, lines, previous: previous)
      }
    }
    return ids
  }

  private func check(_ names: BundleNames, stored: Set<[UInt8]>, in bundle: EntryBundle) throws {
    for id in names.trees.map(\.bytes).sorted(by: { $0.lexicographicallyPrecedes($1) })
      + names.manifests.map(\.bytes).sorted(by: { $0.lexicographicallyPrecedes($1) })
    where try !stored.contains(id) && objects.find(id) == nil {
      throw BundleError.incomplete(
        source: bundle.source,
        what: "it names the object \(Hex.encode(id.prefix(6))), which is not there"
      )
    }
    for id in names.texts.sorted() where try text(id) == nil && !isRedacted(id) {
      throw BundleError.incomplete(
        source: bundle.source,
        what: "it names the text \(id.description.prefix(12)), which is not there"
      )
    }
  }

  /// A scan with findings cannot be read without a capture of its sheets.
  private func checkCaptures(_ drafts: [EntryDraft], in bundle: EntryBundle) throws {
    for draft in drafts {
      guard case .scan(let record) = draft.body, record.findingCount > 0 else { continue }
      if try treeID(of: draft.id) == nil {
        throw BundleError.incomplete(
          source: bundle.source,
          what: "the findings of the scan \(draft.id.description.prefix(12)) are not there"
        )
      }
    }
  }

  /// Remembers the newest capture of each lane, so that the next ingest shares its sheets.
  public func rememberCaptures(of lanes: some Sequence<LaneKey>) throws {
    for lane in lanes {
      guard let number = try interner.findLane(lane) else { continue }
      let last = try session.int(
        """
        SELECT max(sequence) FROM entry
        WHERE kind = 1 AND lane = ? AND kind NOT IN (4, 5) AND sequence <= ?
        """,
        .int(number),
        .int(visibleSize)
      )
      guard let last, case .scan(let record) = try body(last),
        let tree = try treeID(of: try entryStore.id(last)),
        let object = try objects.find(tree.bytes)
      else { continue }
      let lines = try objects.tree(object).lines.map { line in
        let findings = try sheet(line.sheet).findings
        return CaptureLine.stored(
          path: line.path,
          sheet: line.sheet,
          claim: ClaimID(hashing: try SheetEncoding.encodeClaim(findings))
        )
      }
      _ = try saveCapture(in: lane, commit: record.commit, lines: lines)
    }
  }
}
