/// An optimal one-to-one assignment (Hungarian algorithm by shortest augmenting paths).
///
/// Stays deterministic through the order of rows and columns, which is that of their content.
struct Assignment {
  /// A possible pair; the score is above 0, as a row without partner scores 0.
  struct Edge {
    let row: Int
    let column: Int
    let score: Int
  }

  /// A chosen pair with what the whole would lose without it; nil when nothing else was possible.
  struct Choice {
    let row: Int
    let column: Int
    let score: Int
    let margin: Int?
  }

  /// Components with more rows or columns are taken best first.
  static let largest = 200
  private static let forbidden = 1 << 40

  /// Chooses pairs with the greatest sum of scores; rows and columns are any small numbers from 0.
  static func solve(_ edges: [Edge]) -> [Choice] {
    components(of: edges).flatMap { component -> [Choice] in
      if component.count == 1 {
        let edge = component[0]
        return [Choice(row: edge.row, column: edge.column, score: edge.score, margin: nil)]
      }
      let rows = Array(Set(component.map(\.row))).sorted()
      let columns = Array(Set(component.map(\.column))).sorted()
      if rows.count > largest || columns.count > largest { return bestFirst(component) }
      return exact(component, rows: rows, columns: columns)
    }
  }

  /// Edges that share rows or columns, directly or through others; sorted by their first row.
  private static func components(of edges: [Edge]) -> [[Edge]] {
    let rowCount = (edges.map(\.row).max() ?? -1) + 1
    let columnCount = (edges.map(\.column).max() ?? -1) + 1
    var parent = Array(0..<rowCount + columnCount)
    func root(_ node: Int) -> Int {
      var node = node
      while parent[node] != node {
        parent[node] = parent[parent[node]]
        node = parent[node]
      }
      return node
    }
    for edge in edges {
      let (left, right) = (root(edge.row), root(rowCount + edge.column))
      if left != right { parent[max(left, right)] = min(left, right) }
    }
    var groups: [Int: [Edge]] = [:]
    for edge in edges { groups[root(edge.row), default: []].append(edge) }
    return groups.sorted { $0.key < $1.key }.map { group in
      group.value.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
    }
  }

  /// Takes the best edge, then the best of what is left.
  private static func bestFirst(_ edges: [Edge]) -> [Choice] {
    var choices: [Choice] = []
    var usedRows: Set<Int> = []
    var usedColumns: Set<Int> = []
    var bestOfRow: [Int: (Int, Int)] = [:]
    var bestOfColumn: [Int: (Int, Int)] = [:]
    for edge in edges {
      note(edge.score, &bestOfRow[edge.row, default: (0, 0)])
      note(edge.score, &bestOfColumn[edge.column, default: (0, 0)])
    }
    let order = edges.sorted { ($1.score, $0.row, $0.column) < ($0.score, $1.row, $1.column) }
    for edge in order where !usedRows.contains(edge.row) && !usedColumns.contains(edge.column) {
      usedRows.insert(edge.row)
      usedColumns.insert(edge.column)
      let others = [bestOfRow[edge.row], bestOfColumn[edge.column]].map { best in
        best.map { $0.0 > edge.score ? $0.0 : $0.1 } ?? 0
      }
      let margin = max(0, edge.score - (others.max() ?? 0))
      choices.append(
        Choice(row: edge.row, column: edge.column, score: edge.score, margin: margin)
      )
    }
    return choices
  }

  /// Keeps the two greatest scores.
  private static func note(_ score: Int, _ best: inout (Int, Int)) {
    if score > best.0 { best = (score, best.0) } else if score > best.1 { best.1 = score }
  }

  private static func exact(_ edges: [Edge], rows: [Int], columns: [Int]) -> [Choice] {
    var solver = ShortestPaths(rows: rows.count, columns: columns.count, forbidden: forbidden)
    let rowPlace = Dictionary(uniqueKeysWithValues: zip(rows, rows.indices))
    let columnPlace = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
    for edge in edges {
      guard let row = rowPlace[edge.row], let column = columnPlace[edge.column] else { continue }
      solver.set(row, column, -edge.score)
    }
    solver.solve()
    var choices: [Choice] = []
    for (place, row) in rows.enumerated() {
      let column = solver.columnOf[place]
      if column >= columns.count { continue }
      choices.append(
        Choice(
          row: row,
          column: columns[column],
          score: -solver.cost(place, column),
          margin: solver.margin(of: place)
        )
      )
    }
    return choices
  }
}

/// A dense matrix of costs, with one more column a row for "no partner", and its cheapest assignment.
private struct ShortestPaths {
  private let rows: Int
  private let width: Int
  private let forbidden: Int
  private var costs: [Int]
  private var rowPrice: [Int]
  private var columnPrice: [Int]
  private var rowOf: [Int]
  /// The column of each row.
  private(set) var columnOf: [Int]

  init(rows: Int, columns: Int, forbidden: Int) {
    self.rows = rows
    self.forbidden = forbidden
    width = columns + rows
    costs = Array(repeating: forbidden, count: rows * (columns + rows))
    rowPrice = Array(repeating: 0, count: rows)
    columnPrice = Array(repeating: 0, count: columns + rows)
    rowOf = Array(repeating: -1, count: columns + rows)
    columnOf = Array(repeating: -1, count: rows)
    for row in 0..<rows { costs[row * width + columns + row] = 0 }
  }

  mutating func set(_ row: Int, _ column: Int, _ cost: Int) {
    costs[row * width + column] = min(cost, costs[row * width + column])
  }

  func cost(_ row: Int, _ column: Int) -> Int { costs[row * width + column] }

  /// Adds one row after the other, each along the cheapest alternating path.
  mutating func solve() {
    for start in 0..<rows {
      // Prices stay feasible: a new row is priced so that no reduced cost is negative.
      rowPrice[start] = (0..<width).map { cost(start, $0) - columnPrice[$0] }.min() ?? 0
      let paths = paths(from: start, without: -1)
      guard let end = paths.end else { continue }
      let length = paths.distance[end]
      for column in 0..<width where paths.isDone[column] && column != end {
        let gain = length - paths.distance[column]
        columnPrice[column] -= gain
        let owner = rowOf[column]
        if owner >= 0 { rowPrice[owner] += gain }
      }
      rowPrice[start] += length
      var column = end
      while true {
        let row = paths.from[column]
        let next = columnOf[row]
        rowOf[column] = row
        columnOf[row] = column
        if row == start { break }
        column = next
      }
    }
  }

  /// What the sum would lose if a row could not have its column; nil when the row has no other.
  func margin(of row: Int) -> Int? {
    let own = columnOf[row]
    let hasOther = (0..<width - rows).contains { column in
      column != own && cost(row, column) < forbidden
    }
    let isWanted = (0..<rows).contains { $0 != row && cost($0, own) < forbidden }
    if !hasOther && !isWanted { return nil }
    let paths = paths(from: row, without: own)
    return paths.end.map { paths.distance[$0] - columnPrice[own] + columnPrice[$0] }
  }

  private struct Paths {
    var distance: [Int]
    var from: [Int]
    var isDone: [Bool]
    var end: Int?
  }

  /// Dijkstra over columns by reduced costs, from a row to the nearest free column; `without` is a column of that row that is
  /// taken from it and so becomes free.
  private func paths(from start: Int, without freed: Int) -> Paths {
    var paths = Paths(
      distance: Array(repeating: .max, count: width),
      from: Array(repeating: -1, count: width),
      isDone: Array(repeating: false, count: width),
      end: nil
    )
    var row = start
    var reached = 0
    var best = Int.max
    while true {
      for column in 0..<width where !paths.isDone[column] && cost(row, column) < forbidden {
        if row == start && column == freed { continue }
        let length = reached + cost(row, column) - rowPrice[row] - columnPrice[column]
        if length < paths.distance[column] {
          paths.distance[column] = length
          paths.from[column] = row
        }
      }
      var next = -1
      for column in 0..<width
      where !paths.isDone[column] && paths.distance[column] < .max
        && (next < 0 || paths.distance[column] < paths.distance[next])
      {
        next = column
      }
      if next < 0 { return paths }
      paths.isDone[next] = true
      if rowOf[next] < 0 || next == freed {
        // While solving, the nearest free column is the answer; for a margin the prices of free columns count as well.
        let total = paths.distance[next] + (freed < 0 ? 0 : columnPrice[next])
        if total < best {
          best = total
          paths.end = next
        }
        if freed < 0 { return paths }
        continue
      }
      row = rowOf[next]
      reached = paths.distance[next]
    }
  }
}
