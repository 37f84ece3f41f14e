/// The tables of the journal: what cannot be derived, and indexes over it.
///
/// A change raises ``Schema/layout``.
let journalTables = """
  CREATE TABLE name (
    number INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE path (
    number INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE lane (
    number INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    tool TEXT NOT NULL,
    category TEXT NOT NULL,
    branch TEXT NOT NULL,
    UNIQUE (project, tool, category, branch)
  ) STRICT;

  CREATE TABLE receipt (
    number INTEGER PRIMARY KEY,
    arrived INTEGER NOT NULL,
    actor INTEGER NOT NULL REFERENCES name (number),
    run_url TEXT,
    importer INTEGER NOT NULL REFERENCES name (number)
  ) STRICT;

  CREATE TABLE entry (
    sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
    id BLOB NOT NULL CHECK (length(id) = 32),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 255),
    version INTEGER NOT NULL CHECK (version BETWEEN 0 AND 255),
    receipt INTEGER NOT NULL REFERENCES receipt (number),
    lane INTEGER REFERENCES lane (number),
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX entry_prefix ON entry (substr(id, 1, 4));
  CREATE INDEX entry_kind ON entry (kind, lane) WHERE kind NOT IN (4, 5);
  CREATE INDEX entry_unknown ON entry (sequence) WHERE \(unknownEntries);

  CREATE TABLE latest (
    slot INTEGER PRIMARY KEY,
    number INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE text (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    body TEXT
  ) STRICT;
  CREATE INDEX text_prefix ON text (substr(hash, 1, 4));

  CREATE TABLE object (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL CHECK (length(id) = 32),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 5),
    generation INTEGER NOT NULL CHECK (generation BETWEEN 0 AND 1023),
    base INTEGER REFERENCES object (number) CHECK (base < number),
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX object_prefix ON object (substr(id, 1, 4));

  CREATE TABLE log (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL CHECK (size >= 0),
    peaks BLOB NOT NULL CHECK (length(peaks) % 32 = 0)
  ) STRICT;

  CREATE TABLE log_node (
    level INTEGER NOT NULL CHECK (level BETWEEN 6 AND 62),
    place INTEGER NOT NULL CHECK (place >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, place)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE fact (
    key INTEGER NOT NULL,
    entry INTEGER NOT NULL REFERENCES entry (sequence),
    PRIMARY KEY (key, entry)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE git_commit (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) IN (20, 32)),
    entry INTEGER REFERENCES entry (sequence),
    authored INTEGER,
    committed INTEGER,
    parents INTEGER,
    author INTEGER REFERENCES text (number),
    message INTEGER REFERENCES text (number)
  ) STRICT;

  CREATE TABLE retracted (
    entry INTEGER PRIMARY KEY REFERENCES entry (sequence)
  ) STRICT;

  CREATE TABLE test_run (
    entry INTEGER PRIMARY KEY REFERENCES entry (sequence),
    git_commit INTEGER NOT NULL REFERENCES git_commit (number),
    succeeded INTEGER NOT NULL CHECK (succeeded IN (0, 1)),
    passed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    flaky INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE measurement (
    entry INTEGER NOT NULL REFERENCES entry (sequence),
    place INTEGER NOT NULL,
    project INTEGER NOT NULL REFERENCES name (number),
    branch INTEGER NOT NULL REFERENCES name (number),
    git_commit INTEGER NOT NULL REFERENCES git_commit (number),
    measured INTEGER NOT NULL,
    name INTEGER NOT NULL REFERENCES name (number),
    value TEXT NOT NULL,
    PRIMARY KEY (entry, place)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE waiver (
    entry INTEGER PRIMARY KEY REFERENCES entry (sequence),
    project INTEGER NOT NULL REFERENCES name (number),
    owner INTEGER NOT NULL REFERENCES name (number),
    reason INTEGER NOT NULL REFERENCES text (number),
    from_time INTEGER NOT NULL,
    until_time INTEGER NOT NULL,
    sightings INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE captured (
    lane INTEGER PRIMARY KEY REFERENCES lane (number),
    git_commit INTEGER NOT NULL REFERENCES git_commit (number),
    tree INTEGER NOT NULL REFERENCES object (number),
    sheets BLOB NOT NULL CHECK (length(sheets) % 32 = 0),
    claims BLOB NOT NULL CHECK (length(claims) = length(sheets))
  ) STRICT;

  CREATE TABLE tip (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    git_commit INTEGER NOT NULL REFERENCES git_commit (number),
    distance INTEGER NOT NULL CHECK (distance >= 0)
  ) STRICT;

  CREATE TABLE tip_file (
    path TEXT PRIMARY KEY,
    blob BLOB NOT NULL CHECK (length(blob) IN (20, 32))
  ) STRICT, WITHOUT ROWID;

  INSERT INTO log (one, size, peaks) VALUES (1, 0, x'');
  """
