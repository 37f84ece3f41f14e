/// The findings of one scan that blocks are looked for in: open, with a line, of files without a text.
///
/// A *place* is an index into these lists; places of one file are next to each other, in the order of their lines.
struct BlockSide {
  /// The row of each place.
  private(set) var rows: [Int] = []
  private(set) var lines: [Int] = []
  private(set) var columns: [Int] = []
  /// What a finding says, as a number: equal for equal rule, message, snippet and symbol.
  private(set) var keys: [Int32] = []
  /// The same with the column: for how rare it is.
  private(set) var exactKeys: [Int32] = []
  /// Equal for equal rule and template where the message names something; 0 where it does not.
  private(set) var stems: [UInt64] = []
  private(set) var files: [Int32] = []
  /// The places of each file.
  private(set) var ranges: [Int32: Range<Int>] = [:]

  var count: Int { rows.count }

  /// How many lines the files have up to their last findings.
  var lineCount: Int { ranges.values.reduce(0) { $0 + lines[$1.upperBound - 1] } }

  init(_ side: MatchSide, names: inout [UInt64: Int32], where isWanted: (Int) -> Bool) {
    for (index, file) in side.files.enumerated() {
      let first = rows.count
      if file.rows.contains(where: { side.rows[$0].window != 0 }) { continue }
      for row in file.rows where side.rows[row].line > 0 && isWanted(row) {
        rows.append(row)
        let place = side.rows[row]
        lines.append(Int(place.line))
        columns.append(Int(place.column))
        files.append(Int32(index))
        let key = Self.key(place)
        keys.append(Self.number(key, &names))
        exactKeys.append(Self.number(Mixer.mix(key, UInt64(place.column) &+ 1), &names))
        let isNaming = place.message != place.template
        stems.append(isNaming ? Mixer.mix(place.template, UInt64(place.rule)) : 0)
      }
      if rows.count > first { ranges[Int32(index)] = first..<rows.count }
    }
  }

  /// A hash of so many findings in a row and their distances; nil where the file ends before.
  func gram(at place: Int, length: Int) -> UInt64? {
    let last = place + length - 1
    if last >= count || files[last] != files[place] { return nil }
    var state = UInt64(UInt32(bitPattern: keys[place]))
    for next in place + 1..<max(place + 1, last + 1) {
      state = Mixer.mix(state, UInt64(UInt32(bitPattern: keys[next])))
      state = Mixer.mix(state, UInt64(lines[next] - lines[next - 1]))
      state = Mixer.mix(state, UInt64(bitPattern: Int64(columns[next] - columns[next - 1])))
    }
    return state
  }

  /// The first place of a range whose line is at least the given one.
  func first(in range: Range<Int>, atOrAfter line: Int) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if lines[middle] < line { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func key(_ row: MatchRow) -> UInt64 {
    let key = Mixer.mix(row.message, UInt64(UInt32(bitPattern: row.rule)))
    return Mixer.mix(Mixer.mix(key, row.snippet), row.symbol)
  }

  private static func number(_ key: UInt64, _ names: inout [UInt64: Int32]) -> Int32 {
    if let known = names[key] { return known }
    let number = Int32(names.count)
    names[key] = number
    return number
  }
}
