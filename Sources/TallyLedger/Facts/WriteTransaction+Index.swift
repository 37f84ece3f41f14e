internal import TallyModel

extension WriteTransaction {
  /// Enters what an entry says into the tables that facts are found by, and forgets what was read before it.
  func index(_ body: EntryBody, id: EntryID, sequence: Int) throws {
    for key in FactKey.all(of: body) {
      try session.run(
        "INSERT OR IGNORE INTO fact (key, entry) VALUES (?, ?)",
        .int(key),
        .int(sequence)
      )
    }
    if try isNamed(FactKey.retraction(of: id)) { try refreshRetracted() }
    switch body {
    case .commit(let record): try index(record, sequence)
    case .evidence(.manifest(let commit, _)), .evidence(.changes(let commit, _, _)):
      try noteFiles(of: commit, sequence: sequence)
    case .tests(let record): try index(record, sequence)
    case .measurements(let record): try index(record, sequence)
    case .waiver(let record): try index(record, sequence)
    case .redaction(let record):
      try session.run(
        "UPDATE text SET body = NULL WHERE substr(hash, 1, 4) = ? AND hash = ?",
        .blob(Array(record.text.bytes.prefix(4))),
        .blob(record.text.bytes)
      )
    case .retraction: try refreshRetracted()
    case .laneRename: cache.names = nil
    case .evidence(.recording(let record)):
      for entry in record.entries {
        if let place = try self.sequence(of: entry) { cache.scans[place] = nil }
      }
    default: break
    }
  }

  /// Says whether any entry is found by a number, retracted or not.
  private func isNamed(_ key: Int) throws -> Bool {
    if let fresh = cache.fresh?.sequences(by: key) { return !fresh.isEmpty }
    return try session.int("SELECT 1 FROM fact WHERE key = ?", .int(key)) != nil
  }

  private func refreshRetracted() throws {
    cache.retracted = nil
    cache.names = nil
    try dropTip()
    try session.run("DELETE FROM retracted")
    for sequence in try retractedSequences().sorted() {
      try session.run("INSERT INTO retracted (entry) VALUES (?)", .int(sequence))
    }
  }

  private func index(_ record: CommitRecord, _ sequence: Int) throws {
    let number = try interner.makeCommit(record.commit)
    try session.run(
      """
      UPDATE git_commit SET entry = ?, authored = ?, committed = ?, parents = ?, author = ?,
        message = ? WHERE number = ? AND entry IS NULL
      """,
      .int(sequence),
      .int(Int(record.authored.seconds)),
      .int(Int(record.committed.seconds)),
      .int(record.parents.count),
      .int(try interner.makeText(record.author)),
      .int(try interner.makeText(record.message)),
      .int(number)
    )
  }

  private func index(_ record: TestRunRecord, _ sequence: Int) throws {
    var counts = [Int](repeating: 0, count: 5)
    for item in record.cases { counts[Int(item.outcome.rawValue)] += 1 }
    try session.run(
      """
      INSERT INTO test_run (entry, git_commit, succeeded, passed, failed, errors, skipped, flaky)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .int(sequence),
      .int(try interner.makeCommit(record.commit)),
      .int(record.succeeded ? 1 : 0),
      .int(counts[0]),
      .int(counts[1]),
      .int(counts[2]),
      .int(counts[3]),
      .int(counts[4])
    )
  }

  private func index(_ record: MeasurementRecord, _ sequence: Int) throws {
    for (place, sample) in record.samples.enumerated() {
      try session.run(
        """
        INSERT INTO measurement
          (entry, place, project, branch, git_commit, measured, name, value)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        .int(sequence),
        .int(place),
        .int(try interner.makeName(record.project)),
        .int(try interner.makeName(record.branch)),
        .int(try interner.makeCommit(record.commit)),
        .int(Int(record.measured.seconds)),
        .int(try interner.makeName(sample.name)),
        .text(sample.value)
      )
    }
  }

  private func index(_ record: WaiverRecord, _ sequence: Int) throws {
    try session.run(
      """
      INSERT INTO waiver (entry, project, owner, reason, from_time, until_time, sightings)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      .int(sequence),
      .int(try interner.makeName(record.project)),
      .int(try interner.makeName(record.owner)),
      .int(try interner.makeText(record.reason)),
      .int(Int(record.from.seconds)),
      .int(Int(record.until.seconds)),
      .int(record.sightings.count)
    )
  }
}
