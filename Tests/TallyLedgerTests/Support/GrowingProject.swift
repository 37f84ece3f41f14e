import TallyLedger
import TallyModel

/// A project that is scanned again and again: so many files with findings, some of them edited before each scan.
///
/// Writes what an ingest writes: commit, changes, scan, capture, maps and books.
struct GrowingProject {
  struct File {
    var path: RepoPath
    var blob: BlobID
    var lines: [Int]
    var seeds: [Int]
    var violations: [ViolationID]
  }

  var files: [File]
  var random: Random
  var commit: CommitID
  var number = 0
  var nextSeed = 1
  let lane = Sample.lane
  let messages = (0..<40).map { "`redis.client_\($0)` is banned: use the manager of the service" }

  init(files count: Int, findingsPerFile: Int, seed: UInt64) throws {
    random = Random(seed: seed)
    commit = try Sample.commit(0)
    files = []
    for index in 0..<count {
      let text = "src/services/package_\(index % 24)/module_\(index).py"
      var lines: [Int] = []
      var line = 1
      for _ in 0..<findingsPerFile {
        line += 1 + random.below(60)
        lines.append(line)
      }
      let first = nextSeed
      nextSeed += findingsPerFile
      files.append(
        File(
          path: path(text),
          blob: try Sample.blob(index),
          lines: lines,
          seeds: Array(first..<nextSeed),
          violations: []
        )
      )
    }
    files.sort { $0.path < $1.path }
  }

  private func sheet(_ file: File) throws -> Sheet {
    let rows = try zip(file.lines, file.seeds).map { line, seed in
      try Sample.finding(line: line, message: messages[seed % messages.count])
    }
    return Sheet(
      findings: rows,
      lexerVersion: 1,
      windows: file.seeds.map { Sample.window($0) }
    )
  }

  /// Records the next scan, after editing some files.
  mutating func scan(editing count: Int, into ledger: Ledger) throws -> AppendResult {
    number += 1
    let parent = commit
    commit = try Sample.commit(number)
    var changed: [Int: BlobID] = [:]
    while changed.count < min(count, files.count) {
      let index = random.below(files.count)
      changed[index] = files[index].blob
    }
    var gone: [(file: Int, violation: ViolationID)] = []
    for index in changed.keys.sorted() {
      files[index].blob = try Sample.blob(number * 1_000 + index + 10_000)
      edit(index, gone: &gone)
    }
    return try ledger.write { tx in try record(parent, changed, gone, in: tx) }
  }

  /// Shifts what lies behind a random place; now and then a finding comes, goes, or is edited around.
  private mutating func edit(_ index: Int, gone: inout [(file: Int, violation: ViolationID)]) {
    let place = files[index].lines.isEmpty ? 0 : random.below(files[index].lines.count)
    for row in place..<files[index].lines.count { files[index].lines[row] += 1 + number % 3 }
    switch random.below(20) {
    case 0 where files[index].lines.count > 1 && !files[index].violations.isEmpty:
      files[index].lines.remove(at: place)
      files[index].seeds.remove(at: place)
      gone.append((index, files[index].violations.remove(at: place)))
    case 1:
      files[index].lines.append((files[index].lines.last ?? 0) + 7)
      files[index].seeds.append(nextSeed)
      nextSeed += 1
    case 2, 3:
      files[index].seeds[place] = nextSeed
      nextSeed += 1
    default: break
    }
  }

  private mutating func record(
    _ parent: CommitID,
    _ changed: [Int: BlobID],
    _ gone: [(file: Int, violation: ViolationID)],
    in tx: WriteTransaction
  ) throws -> AppendResult {
    let receipt = Receipt(
      arrived: Timestamp(seconds: 1_790_000_000 + Int64(number) * 600),
      actor: "github-actions",
      runURL: "https://github.com/example/shop/actions/runs/\(9_000_000_000 + number)",
      importer: "sarif/1"
    )
    try tx.saveTexts(messages)
    let author = try tx.saveText("Ada <ada@example.com>")
    let message = try tx.saveText("Change \(number): move the client of a service to its manager")
    let isFirst = number == 1
    var drafts = [
      try EntryDraft(
        .commit(
          CommitRecord(
            commit: commit,
            parents: [parent],
            authored: Timestamp(seconds: 1_780_000_000 + Int64(number) * 600),
            committed: Timestamp(seconds: 1_780_000_000 + Int64(number) * 600),
            author: author,
            message: message
          )
        )
      )
    ]
    if isFirst {
      let manifest = Manifest(
        lines: files.map { Manifest.Line(path: $0.path, blob: $0.blob) }
      )
      let id = try tx.saveManifest(manifest)
      drafts.append(try EntryDraft(.evidence(.manifest(commit: commit, manifest: id))))
    } else {
      let changes = changed.keys.sorted().map {
        FileChange(
          path: files[$0].path,
          blob: files[$0].blob,
          renamedFrom: nil,
          similarity: 0
        )
      }
      drafts.append(
        try EntryDraft(.evidence(.changes(commit: commit, parent: parent, files: changes)))
      )
    }
    let before = try tx.captured(in: lane)
    var lines: [CaptureLine] = []
    for (index, file) in files.enumerated() {
      if let before, changed[index] == nil {
        let line = before.lines[index]
        lines.append(.stored(path: line.path, sheet: line.sheet, claim: line.claim))
      } else {
        lines.append(.sheet(try SheetDraft(path: file.path, sheet: try sheet(file))))
      }
    }
    let record = try Sample.scan(
      lane: lane,
      commit: commit,
      lines: lines.map { ($0.path, $0.claim) },
      count: files.reduce(0) { $0 + $1.lines.count },
      raw: number
    )
    let scan = try EntryDraft(.scan(record))
    let tree = try tx.saveCapture(in: lane, commit: commit, lines: lines)
    drafts.append(scan)
    drafts.append(try EntryDraft(.evidence(.capture(scan: scan.id, tree: tree))))
    if !isFirst {
      let maps = changed.map { index, old in
        FileMap(
          old: old,
          new: files[index].blob,
          lexerVersion: 1,
          hunks: [
            LineHunk(
              oldStart: 10 + index % 90,
              oldCount: 1,
              newStart: 10 + index % 90,
              newCount: 2 + number % 3
            )
          ],
          anchors: [],
          suppressions: []
        )
      }
      if !maps.isEmpty {
        drafts.append(
          try EntryDraft(
            .evidence(.maps(maps.sorted { ($0.old, $0.new) < ($1.old, $1.new) }))
          )
        )
      }
    }
    let result = try tx.append(drafts, receipt: receipt)
    let touched = isFirst ? Array(files.indices) : changed.keys.sorted()
    try tx.apply(try delta(touched, gone, scan.id, lines, tx))
    return result
  }

  private mutating func delta(
    _ touched: [Int],
    _ gone: [(file: Int, violation: ViolationID)],
    _ scan: EntryID,
    _ lines: [CaptureLine],
    _ tx: WriteTransaction
  ) throws -> LaneDelta {
    let position = LanePosition(
      lane: lane,
      index: number - 1,
      commit: commit,
      time: Timestamp(seconds: 1_780_000_000 + Int64(number) * 600),
      scans: [scan],
      superseded: [],
      succeeded: true,
      onLine: true,
      coversAll: true
    )
    var delta = LaneDelta(position: position)
    func posting(_ kind: PostingKind, _ id: ViolationID, _ file: Int) -> Posting {
      Posting(
        violation: id,
        time: position.time,
        position: position.index,
        lane: lane,
        kind: kind,
        basis: .direct,
        path: files[file].path,
        commit: commit,
        isExactCommit: true,
        link: nil,
        source: nil
      )
    }
    for (file, id) in gone {
      guard var violation = try tx.books(of: lane).violation(id) else { continue }
      violation.state = .closed
      delta.violations.append(violation)
      delta.postings.append(posting(.fixed, id, file))
    }
    for index in touched {
      while files[index].violations.count < files[index].lines.count {
        let ordinal = files[index].violations.count
        let origin = Sighting(scan: scan, path: files[index].path, ordinal: ordinal)
        let id = Mint().mint(origin)
        files[index].violations.append(id)
        delta.violations.append(
          Violation(
            id: id,
            lane: lane,
            rule: "TID251",
            level: .error,
            message: StoredFormat.textID(messages[files[index].seeds[ordinal] % messages.count]),
            state: .open,
            origin: origin,
            last: origin,
            firstPosition: position.index,
            lastPosition: position.index
          )
        )
        delta.postings.append(
          posting(number == 1 ? .broughtForward : .introduced, id, index)
        )
      }
      let sheet = try tx.tree(of: scan).lines[index].sheet
      delta.rosters.append(
        Roster(
          path: files[index].path,
          blob: files[index].blob,
          sheet: sheet,
          scan: scan,
          violations: files[index].violations
        )
      )
    }
    delta.violations.sort { $0.id < $1.id }
    return delta
  }
}
