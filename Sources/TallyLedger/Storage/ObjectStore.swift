internal import TallyModel

/// What an object is, with the numbers it is stored under.
///
/// MUST NOT CHANGE.
enum ObjectKind: Int {
  case sheet = 1
  case tree = 2
  case manifest = 3
  case rules = 4
  case cases = 5
}

/// Content-addressed objects, each stored as its difference from an earlier one of the same place.
final class ObjectStore {
  private let session: Session
  private let interner: Interner
  private let bytesDelta: ByteDelta
  private let linesDelta: LineDelta
  private var linesCache: [(number: Int, lines: [StoredLine])] = []
  /// What was asked for within the transaction; an object keeps its number.
  private var ids: [Int: [UInt8]] = [:]
  private var numbers: [[UInt8]: Int] = [:]
  /// The sheets that were put together last.
  private var sheets: [Int: [UInt8]] = [:]
  private var sheetBytes = 0
  private var links: [Int: (generation: Int, base: Int?)] = [:]
  /// The trees that were put together last.
  private var trees: [(number: Int, lines: [StoredLine], tree: Tree)] = []

  init(_ session: Session, _ interner: Interner, _ deflate: Deflate) {
    self.session = session
    self.interner = interner
    bytesDelta = ByteDelta(deflate: deflate)
    linesDelta = LineDelta(deflate: deflate)
  }

  private struct Row {
    var kind: Int
    var generation: Int
    var base: Int?
    var body: [UInt8]
  }

  // MARK: Finding

  /// A pull of years of scans shall not keep them all in memory.
  private static let mostRemembered = 1 << 16
  private static let mostSheetBytes = 4 << 20

  /// The number of an object by its id.
  func find(_ id: [UInt8]) throws -> Int? {
    if let number = numbers[id] { return number }
    let number = try session.int(
      "SELECT number FROM object WHERE substr(id, 1, 4) = ? AND id = ?",
      .blob(Array(id.prefix(4))),
      .blob(id)
    )
    if let number { remember(id, number) }
    return number
  }

  /// Keeps what is known of an object: its id and its number.
  func remember(_ id: [UInt8], _ number: Int) {
    if numbers.count == ObjectStore.mostRemembered {
      ids.removeAll(keepingCapacity: true)
      numbers.removeAll(keepingCapacity: true)
    }
    ids[number] = id
    numbers[id] = number
  }

  /// The id of an object by its number.
  func id(_ number: Int) throws -> [UInt8] {
    if let id = ids[number] { return id }
    let id = try session.first("SELECT id FROM object WHERE number = ?", .int(number)) {
      $0.bytes(0)
    }
    guard let id else { throw Damage("object \(number) is missing") }
    remember(id, number)
    return id
  }

  /// The ids of many objects, read with one statement.
  func ids(_ numbers: some Sequence<Int>) throws -> [[UInt8]] {
    let query = try Query(session.db, "SELECT id FROM object WHERE number = ?")
    defer { query.reset() }
    return try numbers.map { number in
      if let id = ids[number] { return id }
      query.rewind()
      try query.bind(1, .int(number))
      guard try query.step() else { throw Damage("object \(number) is missing") }
      let id = query.bytes(0)
      remember(id, number)
      return id
    }
  }

  private func row(_ number: Int) throws -> Row {
    let row = try session.first(
      "SELECT kind, generation, base, body FROM object WHERE number = ?",
      .int(number)
    ) { Row(kind: $0.int(0), generation: $0.int(1), base: $0.optionalInt(2), body: $0.bytes(3)) }
    guard let row else { throw Damage("object \(number) is missing") }
    return row
  }

  // MARK: Sheets

  /// The whole bytes of a sheet.
  func sheet(_ number: Int) throws -> [UInt8] {
    var chain: [(number: Int, body: [UInt8])] = []
    var next: Int? = number
    var bytes: [UInt8] = []
    while let current = next {
      if let known = sheets[current] {
        bytes = known
        break
      }
      let row = try row(current)
      guard row.kind == ObjectKind.sheet.rawValue else {
        throw Damage("object \(current) is not a sheet")
      }
      guard chain.count <= ObjectStore.longestSheetChain else {
        throw Damage("object \(number) has too long a chain")
      }
      chain.append((current, row.body))
      next = row.base
    }
    for link in chain.reversed() {
      let base = bytes
      bytes = try checking(link.number) { () throws(FormatError) in
        try bytesDelta.decode(link.body, base: base)
      }
      keep(bytes, link.number)
    }
    return bytes
  }

  /// Keeps a sheet for those that are stored as differences from it.
  private func keep(_ sheet: [UInt8], _ number: Int) {
    if sheetBytes > ObjectStore.mostSheetBytes {
      sheets.removeAll(keepingCapacity: true)
      sheetBytes = 0
    }
    sheetBytes += sheet.count
    sheets[number] = sheet
  }

  /// The longest chain of differences between sheets: the digits of 63 in base 4 add up to 9.
  static let longestSheetChain = 9
  /// How many versions of a sheet go back to one that is stored whole.
  private static let sheetVersions = 64

  /// Stores a sheet that is not there yet; `previous` is the sheet of the same path before.
  func saveSheet(_ id: [UInt8], _ bytes: [UInt8], previous: Int?) throws -> Int {
    var generation = 0
    var base = previous
    var generationOfBase = 0
    if let number = base {
      generation = try self.generation(number) + 1
      if generation == ObjectStore.sheetVersions {
        (generation, base) = (0, nil)
      } else {
        generationOfBase = ObjectStore.sheetBase(generation)
      }
    }
    // Versions are numbered; each goes back to its own number with the last base-4 digit lowered, which is an ancestor of the
    // version before. Chains are short because each step is a page to read and a text to inflate; base 2 would make them
    // shorter still, but differences over longer distances take twice the room.
    while let number = base {
      let (found, next) = try generationAndBase(number)
      if found == generationOfBase { break }
      base = next
    }
    let body = bytesDelta.encode(bytes, base: try base.map(sheet) ?? [])
    generation = base == nil ? 0 : generation
    let number = try insert(id, .sheet, generation: generation, base: base, body)
    keep(bytes, number)
    return number
  }

  static func sheetBase(_ generation: Int) -> Int {
    var unit = 1
    while generation / unit % 4 == 0 { unit *= 4 }
    return generation - unit
  }

  private func generation(_ number: Int) throws -> Int { try generationAndBase(number).0 }

  private func generationAndBase(_ number: Int) throws -> (Int, Int?) {
    if let known = links[number] { return known }
    let row = try session.first(
      "SELECT generation, base FROM object WHERE number = ?",
      .int(number)
    ) { ($0.int(0), $0.optionalInt(1)) }
    guard let row else { throw Damage("object \(number) is missing") }
    link(number, row)
    return row
  }

  private func link(_ number: Int, _ row: (generation: Int, base: Int?)) {
    if links.count == ObjectStore.mostRemembered { links.removeAll(keepingCapacity: true) }
    links[number] = row
  }

  // MARK: Lists of lines

  /// The longest chain of differences between lists.
  static let longestChain = 63

  func lines(_ number: Int, _ kind: ObjectKind) throws -> [StoredLine] {
    var chain: [(number: Int, body: [UInt8])] = []
    var next: Int? = number
    var lines: [StoredLine] = []
    while let current = next {
      if let cached = linesCache.first(where: { $0.number == current }) {
        lines = cached.lines
        break
      }
      let row = try row(current)
      guard row.kind == kind.rawValue else { throw Damage("object \(number) has another kind") }
      guard chain.count <= ObjectStore.longestChain else {
        throw Damage("object \(number) has too long a chain")
      }
      chain.append((current, row.body))
      next = row.base
    }
    for link in chain.reversed() {
      let base = lines
      lines = try checking(link.number) { () throws(FormatError) in
        try linesDelta.decode(link.body, base: base)
      }
    }
    remember(number, lines)
    return lines
  }

  func saveLines(
    _ id: [UInt8],
    _ kind: ObjectKind,
    _ lines: [StoredLine],
    previous: Int?
  ) throws -> Int {
    var base = previous
    var generation = 0
    if let number = base {
      generation = try self.generation(number) + 1
      if generation > ObjectStore.longestChain { (generation, base) = (0, nil) }
    }
    let body = linesDelta.encode(lines, base: try base.map { try self.lines($0, kind) } ?? [])
    let number = try insert(id, kind, generation: generation, base: base, body)
    remember(number, lines)
    return number
  }

  private func remember(_ number: Int, _ lines: [StoredLine]) {
    linesCache.removeAll { $0.number == number }
    if linesCache.count == 4 { linesCache.removeFirst() }
    linesCache.append((number, lines))
  }

  // MARK: Trees and manifests

  func tree(_ number: Int) throws -> Tree {
    if let known = trees.first(where: { $0.number == number }) { return known.tree }
    let lines = try lines(number, .tree)
    // Most lines are those of the tree before.
    let before = trees.last?.lines ?? []
    var places: [Int?] = []
    places.reserveCapacity(lines.count)
    var new: [Int] = []
    var old = 0
    for line in lines {
      while old < before.count, before[old].key != line.key,
        before[old].key.lexicographicallyPrecedes(line.key)
      {
        old += 1
      }
      let isKnown = old < before.count && before[old].key == line.key
      places.append(isKnown ? old : nil)
      if !isKnown || before[old].reference != line.reference { new.append(line.reference) }
    }
    var newIDs = try ids(new).makeIterator()
    let tree = Tree(
      lines: try zip(lines, places).map { line, place in
        if let place, before[place].reference == line.reference, let last = trees.last {
          return last.tree.lines[place]
        }
        guard let id = newIDs.next(), let sheet = SheetID(bytes: id) else {
          throw Damage("object \(line.reference) has no id")
        }
        let path = place.flatMap { trees.last?.tree.lines[$0].path } ?? ObjectStore.path(line.key)
        return Tree.Line(path: path, sheet: sheet)
      }
    )
    if trees.count == 4 { trees.removeFirst() }
    trees.append((number, lines, tree))
    return tree
  }

  func manifest(_ number: Int) throws -> Manifest {
    Manifest(
      lines: try lines(number, .manifest).map { line in
        guard let blob = BlobID(bytes: line.value) else {
          throw Damage("object \(number) holds no blob")
        }
        return Manifest.Line(path: ObjectStore.path(line.key), blob: blob)
      }
    )
  }

  static func path(_ key: [UInt8]) -> RepoPath {
    RepoPath(normalized: String(decoding: key, as: UTF8.self))
  }

  // MARK: Rows

  private func insert(
    _ id: [UInt8],
    _ kind: ObjectKind,
    generation: Int,
    base: Int?,
    _ body: [UInt8]
  ) throws -> Int {
    try session.run(
      "INSERT INTO object (id, kind, generation, base, body) VALUES (?, ?, ?, ?, ?)",
      .blob(id),
      .int(kind.rawValue),
      .int(generation),
      .optional(base),
      .blob(body)
    )
    let number = session.lastRow
    remember(id, number)
    link(number, (generation, base))
    return number
  }

  private func checking<Value>(
    _ number: Int,
    _ decode: () throws(FormatError) -> Value
  ) throws -> Value {
    do {
      return try decode()
    } catch {
      throw Damage("object \(number): \(error)")
    }
  }
}
