internal import TallyModel

/// Stage 1 and the token anchors of stage 2: places that a map or an equal blob tells exactly.
extension MatchRun {
  /// Links what stands at the mapped place, pair of files by pair of files, and settles what can have no partner.
  mutating func linkMappedFiles() {
    for pair in pairs {
      guard let map = pair.map else { continue }
      linkMappedFile(pair, map)
    }
    for pair in pairs {
      guard let map = pair.map else { continue }
      settle(pair, map)
    }
  }

  /// Rule, line and column in one number.
  private struct Key: Hashable {
    let rule: Int32
    let line: Int32
    let column: Int32
  }

  private mutating func linkMappedFile(_ pair: FilePair, _ map: PlaceMap) {
    let oldRows = old.files[pair.old].rows.filter { isOldOpen($0) }
    let newRows = new.files[pair.new].rows.filter { isNewOpen($0) }
    if oldRows.isEmpty || newRows.isEmpty { return }
    let isSame = if case .identity = map, pair.isSamePath { true } else { false }
    var unplaced: [(row: Int, line: Int32)] = []
    var wanted: [Key: [Int]] = [:]
    var stages: [Int: MatchStage] = [:]
    for row in oldRows {
      let place = old.rows[row]
      if place.line == 0 {
        wanted[wholeFileKey(place, pair), default: []].append(row)
        continue
      }
      switch map.place(line: Int(place.line), column: Int(place.column)) {
      case .unchanged(let line, let column):
        let key = Key(
          rule: place.rule,
          line: Int32(truncatingIfNeeded: line),
          column: Int32(truncatingIfNeeded: column)
        )
        wanted[key, default: []].append(row)
        unplaced.append((row, key.line))
      case .token(let line, let column, let isMoved):
        let key = Key(
          rule: place.rule,
          line: Int32(truncatingIfNeeded: line),
          column: place.column == 0 ? 0 : Int32(truncatingIfNeeded: column)
        )
        wanted[key, default: []].append(row)
        stages[row] = isMoved ? .movedBlock : .tokenMap
      case .hunk: break
      }
    }
    var present: [Key: [Int]] = [:]
    for row in newRows {
      let place = new.rows[row]
      let key =
        place.line == 0
        ? wholeFileKey(place, pair)
        : Key(rule: place.rule, line: place.line, column: place.column)
      if wanted[key] != nil { present[key, default: []].append(row) }
    }
    let keys = present.keys.sorted { ($0.line, $0.column, $0.rule) < ($1.line, $1.column, $1.rule) }
    for key in keys {
      linkSamePlace(wanted[key] ?? [], present[key] ?? []) { run, oldRow, newRow, isExact in
        let stage = stages[oldRow] ?? (isSame ? .sameBlob : .fileMap)
        let score = isExact ? Self.exactScore : Self.samePlaceScore
        run.link(oldRow, newRow, stage, score: score)
      }
    }
    linkSameLine(unplaced, newRows, isSame ? .sameBlob : .fileMap)
    if !isSame { linkFileStart(oldRows, newRows, map) }
  }

  /// Links a finding at the very start of both texts, though the line that was the first went on elsewhere: it is about the file.
  ///
  /// A finding about that line would be reported where the line is now.
  private mutating func linkFileStart(_ oldRows: [Int], _ newRows: [Int], _ map: PlaceMap) {
    func atStart(_ rows: [Int], _ side: MatchSide) -> [Int] {
      rows.filter { side.rows[$0].line == 1 && side.rows[$0].column <= 1 }
    }
    for row in atStart(oldRows, old) where isOldOpen(row) {
      let place = old.rows[row]
      guard case .unchanged(let line, _) = map.place(line: 1, column: Int(place.column)), line > 1
      else { continue }
      let same = atStart(newRows, new).filter {
        isNewOpen($0) && new.rows[$0].rule == place.rule && new.rows[$0].message == place.message
      }
      if same.count == 1 { link(row, same[0], .fileMap, score: Self.samePlaceScore) }
    }
  }

  /// The key of a finding about a file as a whole; of one about no file what it names is its place.
  private func wholeFileKey(_ place: MatchRow, _ pair: FilePair) -> Key {
    let isAboutNoFile = old.files[pair.old].path.text.isEmpty
    let symbol = isAboutNoFile ? Int32(truncatingIfNeeded: place.symbol) : 0
    return Key(rule: place.rule, line: 0, column: symbol)
  }

  /// Links findings of one rule at one place: by equal message, equal template, then in their order.
  ///
  /// Findings about the file as a whole share a place without being one: there the message must say so.
  private mutating func linkSamePlace(
    _ olds: [Int],
    _ news: [Int],
    found: (inout MatchRun, Int, Int, Bool) -> Void
  ) {
    var news = news
    var rest: [Int] = []
    for oldRow in olds {
      let message = old.rows[oldRow].message
      if let index = news.firstIndex(where: { new.rows[$0].message == message }) {
        found(&self, oldRow, news.remove(at: index), true)
      } else {
        rest.append(oldRow)
      }
    }
    var last: [Int] = []
    for oldRow in rest {
      let template = old.rows[oldRow].template
      if let index = news.firstIndex(where: { new.rows[$0].template == template }) {
        found(&self, oldRow, news.remove(at: index), false)
      } else {
        last.append(oldRow)
      }
    }
    if let first = olds.first, old.rows[first].line == 0 && (last.count != 1 || news.count != 1) {
      return
    }
    for (oldRow, newRow) in zip(last, news) { found(&self, oldRow, newRow, false) }
  }

  /// Links findings on an unedited line whose columns differ or are missing: as many of one rule, message and line on both sides.
  private mutating func linkSameLine(
    _ olds: [(row: Int, line: Int32)],
    _ news: [Int],
    _ stage: MatchStage
  ) {
    var groups: [Key: (old: [Int], new: [Int])] = [:]
    for (row, line) in olds where isOldOpen(row) {
      let key = Key(rule: old.rows[row].rule, line: line, column: 0)
      groups[key, default: ([], [])].old.append(row)
    }
    if groups.isEmpty { return }
    for row in news where isNewOpen(row) {
      let key = Key(rule: new.rows[row].rule, line: new.rows[row].line, column: 0)
      if groups[key] != nil { groups[key, default: ([], [])].new.append(row) }
    }
    let order = groups.keys.sorted { ($0.line, $0.rule) < ($1.line, $1.rule) }
    for key in order {
      guard let group = groups[key] else { continue }
      if group.old.count != group.new.count { continue }
      for (oldRow, newRow) in zip(group.old, group.new) {
        let (left, right) = (old.rows[oldRow], new.rows[newRow])
        let lacksColumn = left.column == 0 || right.column == 0
        guard lacksColumn || left.template == right.template else { continue }
        link(oldRow, newRow, stage, score: Self.samePlaceScore)
      }
    }
  }

  /// Sets aside what can be no pair as both anchors survive and are different tokens.
  ///
  /// Such rows take part in nothing that follows.
  private mutating func settle(_ pair: FilePair, _ map: PlaceMap) {
    for row in old.files[pair.old].rows where newOf[row] < 0 && old.rows[row].line > 0 {
      let place = old.rows[row]
      if map.hunk(ofOld: Int(place.line)) == nil { isOldSettled[row] = true }
    }
    for row in new.files[pair.new].rows where oldOf[row] < 0 && new.rows[row].line > 0 {
      if map.oldLine(forNew: Int(new.rows[row].line)) != nil { isNewSettled[row] = true }
    }
  }
}
