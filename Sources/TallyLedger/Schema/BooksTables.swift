/// The tables of the books: derived from the journal, emptied and made again by a rebuild.
///
/// A change raises ``Schema/layout``.
let booksTables = """
  CREATE TABLE lane_position (
    lane INTEGER NOT NULL REFERENCES lane (number),
    place INTEGER NOT NULL CHECK (place >= 0),
    git_commit INTEGER NOT NULL REFERENCES git_commit (number),
    time INTEGER NOT NULL,
    succeeded INTEGER NOT NULL CHECK (succeeded IN (0, 1)),
    on_line INTEGER NOT NULL CHECK (on_line IN (0, 1)),
    covers_all INTEGER NOT NULL CHECK (covers_all IN (0, 1)),
    PRIMARY KEY (lane, place)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE position_scan (
    entry INTEGER PRIMARY KEY REFERENCES entry (sequence),
    id BLOB NOT NULL CHECK (length(id) = 32),
    lane INTEGER NOT NULL,
    place INTEGER NOT NULL,
    counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
    findings INTEGER NOT NULL CHECK (findings >= 0),
    tool_version INTEGER REFERENCES name (number),
    FOREIGN KEY (lane, place) REFERENCES lane_position (lane, place)
  ) STRICT;
  CREATE INDEX position_scan_place ON position_scan (lane, place);

  CREATE TABLE violation (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    lane INTEGER NOT NULL REFERENCES lane (number),
    rule INTEGER NOT NULL REFERENCES name (number),
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
    message INTEGER NOT NULL REFERENCES text (number),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    opened INTEGER NOT NULL,
    origin_entry INTEGER NOT NULL REFERENCES entry (sequence),
    origin_path INTEGER NOT NULL REFERENCES path (number),
    origin_row INTEGER NOT NULL CHECK (origin_row >= 0),
    last_entry INTEGER NOT NULL REFERENCES entry (sequence),
    last_path INTEGER NOT NULL REFERENCES path (number),
    last_row INTEGER NOT NULL CHECK (last_row >= 0),
    last_sheet INTEGER NOT NULL REFERENCES object (number),
    first_place INTEGER NOT NULL,
    last_place INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX violation_absent ON violation (lane, rule, last_path, last_place) WHERE state <> 0;
  CREATE INDEX violation_alike ON violation (lane, rule, message, state, last_place)
    WHERE state <> 0;
  CREATE INDEX violation_lane ON violation (lane, state, opened, id);

  CREATE TABLE posting (
    number INTEGER PRIMARY KEY,
    lane INTEGER NOT NULL REFERENCES lane (number),
    violation INTEGER NOT NULL REFERENCES violation (number),
    time INTEGER NOT NULL,
    place INTEGER,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 10 OR kind BETWEEN 33 AND 41),
    basis INTEGER NOT NULL CHECK (basis BETWEEN 0 AND 5),
    path INTEGER NOT NULL REFERENCES path (number),
    git_commit INTEGER REFERENCES git_commit (number),
    exact INTEGER NOT NULL CHECK (exact IN (0, 1)),
    stage INTEGER,
    score INTEGER,
    margin INTEGER,
    source INTEGER REFERENCES entry (sequence),
    CHECK ((stage IS NULL) = (score IS NULL))
  ) STRICT;
  CREATE INDEX posting_time ON posting (lane, time);
  CREATE INDEX posting_violation ON posting (violation);

  CREATE TABLE subject (
    number INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL REFERENCES name (number),
    level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 3),
    path INTEGER NOT NULL REFERENCES path (number),
    UNIQUE (path, rule, level)
  ) STRICT;

  CREATE TABLE flow (
    lane INTEGER NOT NULL REFERENCES lane (number),
    place INTEGER NOT NULL CHECK (place >= 0),
    groups BLOB NOT NULL,
    PRIMARY KEY (lane, place)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE roster (
    lane INTEGER NOT NULL REFERENCES lane (number),
    path INTEGER NOT NULL REFERENCES path (number),
    since INTEGER NOT NULL CHECK (since >= 0),
    violations BLOB NOT NULL,
    PRIMARY KEY (lane, path, since)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE roster_head (
    lane INTEGER NOT NULL REFERENCES lane (number),
    path INTEGER NOT NULL REFERENCES path (number),
    blob BLOB CHECK (length(blob) IN (20, 32)),
    sheet INTEGER NOT NULL REFERENCES object (number),
    scan INTEGER NOT NULL REFERENCES entry (sequence),
    PRIMARY KEY (lane, path)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE standing (
    lane INTEGER NOT NULL REFERENCES lane (number),
    violation INTEGER NOT NULL REFERENCES violation (number),
    since INTEGER NOT NULL CHECK (since >= 0),
    until INTEGER CHECK (until > since),
    reason INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 2),
    entry INTEGER NOT NULL REFERENCES entry (sequence),
    path INTEGER NOT NULL REFERENCES path (number),
    row INTEGER NOT NULL CHECK (row >= 0),
    sheet INTEGER NOT NULL REFERENCES object (number),
    blob BLOB CHECK (length(blob) IN (20, 32)),
    PRIMARY KEY (lane, violation, since)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX standing_now ON standing (lane) WHERE until IS NULL;
  CREATE INDEX standing_violation ON standing (violation);
  CREATE INDEX standing_end ON standing (lane, until) WHERE until IS NOT NULL;

  CREATE TABLE alias (
    id BLOB NOT NULL CHECK (length(id) = 16),
    violation BLOB NOT NULL CHECK (length(violation) = 16),
    PRIMARY KEY (id, violation)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE move (
    number INTEGER PRIMARY KEY,
    lane INTEGER NOT NULL REFERENCES lane (number),
    violation INTEGER NOT NULL REFERENCES violation (number),
    place INTEGER NOT NULL,
    from_path INTEGER NOT NULL REFERENCES path (number),
    to_path INTEGER NOT NULL REFERENCES path (number),
    stage INTEGER NOT NULL,
    score INTEGER NOT NULL,
    margin INTEGER,
    ambiguous INTEGER NOT NULL CHECK (ambiguous IN (0, 1))
  ) STRICT;
  CREATE INDEX move_violation ON move (violation);
  CREATE INDEX move_lane ON move (lane);

  CREATE TABLE warning (
    lane INTEGER NOT NULL REFERENCES lane (number),
    place INTEGER NOT NULL,
    line INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (lane, place, line)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE undo (
    lane INTEGER NOT NULL REFERENCES lane (number),
    place INTEGER NOT NULL CHECK (place >= 0),
    posting INTEGER NOT NULL,
    move INTEGER NOT NULL,
    PRIMARY KEY (lane, place)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE undo_violation (
    lane INTEGER NOT NULL,
    place INTEGER NOT NULL,
    violation INTEGER NOT NULL,
    rule INTEGER REFERENCES name (number),
    level INTEGER,
    message INTEGER REFERENCES text (number),
    state INTEGER,
    opened INTEGER,
    last_entry INTEGER REFERENCES entry (sequence),
    last_path INTEGER REFERENCES path (number),
    last_row INTEGER,
    last_sheet INTEGER REFERENCES object (number),
    last_place INTEGER,
    PRIMARY KEY (lane, place, violation),
    FOREIGN KEY (lane, place) REFERENCES undo (lane, place) ON DELETE CASCADE,
    CHECK ((state IS NULL) = (last_entry IS NULL))
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE undo_roster (
    lane INTEGER NOT NULL,
    place INTEGER NOT NULL,
    path INTEGER NOT NULL REFERENCES path (number),
    blob BLOB CHECK (length(blob) IN (20, 32)),
    sheet INTEGER REFERENCES object (number),
    scan INTEGER REFERENCES entry (sequence),
    PRIMARY KEY (lane, place, path),
    FOREIGN KEY (lane, place) REFERENCES undo (lane, place) ON DELETE CASCADE,
    CHECK ((sheet IS NULL) = (scan IS NULL))
  ) STRICT, WITHOUT ROWID;
  """
