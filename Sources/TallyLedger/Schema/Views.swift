/// The documented, read-only views (`docs/sql.md`); names and columns are stable.
///
/// A change raises ``Schema/layout``.
let documentedViews = """
  CREATE VIEW entries AS
    SELECT e.sequence AS sequence, lower(hex(e.id)) AS id,
      CASE e.kind WHEN 1 THEN 'scan' WHEN 2 THEN 'tests' WHEN 3 THEN 'measurements'
        WHEN 4 THEN 'commit' WHEN 5 THEN 'evidence' WHEN 6 THEN 'config' WHEN 7 THEN 'waiver'
        WHEN 8 THEN 'attestation' WHEN 9 THEN 'report-issued' WHEN 10 THEN 'correction'
        WHEN 11 THEN 'retraction' WHEN 12 THEN 'lane-rename' WHEN 13 THEN 'redaction'
        WHEN 14 THEN 'merge' WHEN 15 THEN 'confirmation' ELSE 'unknown' END AS kind,
      e.version AS version, datetime(r.arrived, 'unixepoch') AS arrived,
      a.text AS actor, r.run_url AS run_url, i.text AS importer,
      EXISTS (SELECT 1 FROM retracted x WHERE x.entry = e.sequence) AS retracted
    FROM entry e
    JOIN receipt r ON r.number = e.receipt
    JOIN name a ON a.number = r.actor
    JOIN name i ON i.number = r.importer;

  CREATE VIEW lanes AS
    SELECT l.number AS lane, l.project AS project, l.tool AS tool, l.category AS category,
      l.branch AS branch,
      (SELECT count(*) FROM lane_position p WHERE p.lane = l.number) AS positions,
      (SELECT count(*) FROM violation v WHERE v.lane = l.number AND v.state = 0) AS open,
      (SELECT datetime(max(p.time), 'unixepoch') FROM lane_position p
        WHERE p.lane = l.number) AS last_scan
    FROM lane l;

  CREATE VIEW scans AS
    SELECT s.entry AS sequence, lower(hex(s.id)) AS id, s.lane AS lane, s.place AS position,
      lower(hex(c.id)) AS git_commit, datetime(p.time, 'unixepoch') AS time,
      s.counts AS counts, p.succeeded AS succeeded, p.on_line AS on_line,
      p.covers_all AS covers_all, s.findings AS findings, n.text AS tool_version
    FROM position_scan s
    JOIN lane_position p ON p.lane = s.lane AND p.place = s.place
    JOIN git_commit c ON c.number = p.git_commit
    LEFT JOIN name n ON n.number = s.tool_version;

  CREATE VIEW violations AS
    SELECT v.number AS violation, \(shownID("v.id")) AS id, v.lane AS lane, r.text AS rule,
      CASE v.level WHEN 0 THEN 'none' WHEN 1 THEN 'note' WHEN 2 THEN 'warning'
        ELSE 'error' END AS level,
      CASE v.state WHEN 0 THEN 'open' WHEN 1 THEN 'suppressed' ELSE 'closed' END AS state,
      p.text AS path, v.last_row AS row, m.body AS message,
      v.first_place AS first_position, v.last_place AS last_position
    FROM violation v
    JOIN name r ON r.number = v.rule
    JOIN path p ON p.number = v.last_path
    JOIN text m ON m.number = v.message;

  CREATE VIEW open_violations AS
    SELECT v.number AS violation, \(shownID("v.id")) AS id, v.lane AS lane, r.text AS rule,
      CASE v.level WHEN 0 THEN 'none' WHEN 1 THEN 'note' WHEN 2 THEN 'warning'
        ELSE 'error' END AS level,
      p.text AS path, v.last_row AS row, m.body AS message,
      v.first_place AS first_position, datetime(f.time, 'unixepoch') AS since
    FROM violation v
    JOIN name r ON r.number = v.rule
    JOIN path p ON p.number = v.last_path
    JOIN text m ON m.number = v.message
    JOIN lane_position f ON f.lane = v.lane AND f.place = v.first_place
    WHERE v.state = 0;

  CREATE VIEW postings AS
    SELECT o.number AS posting, o.lane AS lane, o.violation AS violation,
      datetime(o.time, 'unixepoch') AS time, o.place AS position,
      CASE o.kind WHEN 1 THEN 'brought forward' WHEN 2 THEN 'introduced'
        WHEN 3 THEN 'surfaced' WHEN 4 THEN 'reopened' WHEN 5 THEN 'unsuppressed'
        WHEN 6 THEN 'unwaived' WHEN 7 THEN 'unattributed in' WHEN 8 THEN 'moved in'
        WHEN 9 THEN 'redefined in' WHEN 10 THEN 'rematched in' WHEN 33 THEN 'fixed'
        WHEN 34 THEN 'retired' WHEN 35 THEN 'deleted' WHEN 36 THEN 'suppressed'
        WHEN 37 THEN 'waived' WHEN 38 THEN 'unattributed out' WHEN 39 THEN 'moved out'
        WHEN 40 THEN 'redefined out' WHEN 41 THEN 'rematched out' END AS kind,
      CASE WHEN o.kind < 32 THEN 1 ELSE -1 END AS sign,
      CASE o.basis WHEN 0 THEN 'direct' WHEN 1 THEN 'indirect' WHEN 2 THEN 'declared'
        WHEN 3 THEN 'assumed' WHEN 4 THEN 'ambiguous' ELSE 'unknown' END AS basis,
      p.text AS path, lower(hex(c.id)) AS git_commit, o.exact AS exact_commit
    FROM posting o
    JOIN path p ON p.number = o.path
    LEFT JOIN git_commit c ON c.number = o.git_commit;

  CREATE VIEW tests AS
    SELECT t.entry AS sequence, e.lane AS lane, lower(hex(c.id)) AS git_commit,
      t.succeeded AS succeeded, t.passed AS passed, t.failed AS failed, t.errors AS errors,
      t.skipped AS skipped, t.flaky AS flaky
    FROM test_run t
    JOIN entry e ON e.sequence = t.entry
    JOIN git_commit c ON c.number = t.git_commit
    WHERE NOT EXISTS (SELECT 1 FROM retracted x WHERE x.entry = t.entry);

  CREATE VIEW measurements AS
    SELECT s.entry AS sequence, p.text AS project, b.text AS branch,
      lower(hex(c.id)) AS git_commit, datetime(s.measured, 'unixepoch') AS measured,
      n.text AS name, s.value AS value
    FROM measurement s
    JOIN name p ON p.number = s.project
    JOIN name b ON b.number = s.branch
    JOIN name n ON n.number = s.name
    JOIN git_commit c ON c.number = s.git_commit
    WHERE NOT EXISTS (SELECT 1 FROM retracted x WHERE x.entry = s.entry);

  CREATE VIEW commits AS
    SELECT c.number AS number, lower(hex(c.id)) AS git_commit,
      datetime(c.authored, 'unixepoch') AS authored,
      datetime(c.committed, 'unixepoch') AS committed,
      a.body AS author, m.body AS message
    FROM git_commit c
    LEFT JOIN text a ON a.number = c.author
    LEFT JOIN text m ON m.number = c.message;

  CREATE VIEW waivers AS
    SELECT w.entry AS sequence, p.text AS project, o.text AS owner, r.body AS reason,
      datetime(w.from_time, 'unixepoch') AS from_time,
      datetime(w.until_time, 'unixepoch') AS until_time, w.sightings AS sightings
    FROM waiver w
    JOIN name p ON p.number = w.project
    JOIN name o ON o.number = w.owner
    JOIN text r ON r.number = w.reason
    WHERE NOT EXISTS (SELECT 1 FROM retracted x WHERE x.entry = w.entry);
  """

/// An SQL expression for the id of a violation as people see it: `T-` and 25 digits of Crockford's base 32.
///
/// Each digit is five bits: of two hexadecimal digits of the blob, the first of which begins at most three bits before them.
private func shownID(_ column: String) -> String {
  func nibble(_ index: Int) -> String {
    "instr('123456789ABCDEF', substr(hex(\(column)), \(index + 1), 1))"
  }
  let digits = (0..<25).map { digit in
    let (first, offset) = (digit * 5).quotientAndRemainder(dividingBy: 4)
    let byte = "(\(nibble(first)) * 16 + \(nibble(first + 1)))"
    return "substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + ((\(byte) >> \(3 - offset)) & 31), 1)"
  }
  return "'T-' || " + digits.joined(separator: " || ")
}
