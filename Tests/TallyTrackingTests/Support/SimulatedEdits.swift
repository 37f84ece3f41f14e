/// The kinds of edits that are simulated, each with its truth by construction.
enum EditKind: String, CaseIterable {
  case insertLines, deleteLines, fixTwin, moveBlock, moveAcross, swap, split, merge, rename
  case renameIdentifier, wrap, duplicate, editToken, editNeighbour, reformat, indent, fixAndNew
  case combination
}

/// Edits files at random places; the same for the same seed.
struct Editor {
  var generator: SeededGenerator
  var nextID: Int
  /// Lines to insert, taken from other files.
  let stock: [[TracedToken]]
  /// How many edits of the kind make a step, at most.
  let most: Int

  init(seed: UInt64, nextID: Int, stock: [[TracedToken]], most: Int = 3) {
    self.most = most
    generator = SeededGenerator(seed: seed)
    self.nextID = nextID
    self.stock = stock
  }

  /// Returns the step that an edit of one kind makes of some files.
  mutating func step(_ kind: EditKind, _ files: [String: TracedFile]) -> SimulatedStep {
    var step = SimulatedStep(old: files, new: files)
    if kind == .combination {
      for _ in 0..<random(2...most + 1) {
        let kinds = EditKind.allCases.filter { $0 != .combination }
        apply(kinds[random(0...kinds.count - 1)], &step)
      }
    } else {
      for _ in 0..<random(1...most) { apply(kind, &step) }
    }
    return step
  }

  private mutating func random(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  private mutating func apply(_ kind: EditKind, _ step: inout SimulatedStep) {
    let paths = step.new.keys.sorted()
    let path = paths[random(0...paths.count - 1)]
    guard var file = step.new[path], file.lines.count > 12 else { return }
    let count = file.lines.count
    switch kind {
    case .insertLines:
      file.lines.insert(contentsOf: fresh(random(1...12)), at: random(0...count))
    case .deleteLines:
      let start = random(0...count - 6)
      file.lines.removeSubrange(start..<start + random(1...5))
    case .fixTwin:
      replaceLine(&file)
    case .fixAndNew:
      replaceLine(&file)
      file.lines.insert(contentsOf: fresh(random(1...2)), at: random(0...file.lines.count))
    case .moveBlock:
      let block = takeBlock(&file)
      file.lines.insert(contentsOf: block, at: random(0...file.lines.count))
    case .swap:
      let size = random(2...6)
      let start = random(0...max(0, count - 2 * size - 1))
      let first = Array(file.lines[start..<start + size])
      file.lines.removeSubrange(start..<start + size)
      file.lines.insert(contentsOf: first, at: start + size)
    case .moveAcross, .merge:
      guard let other = paths.first(where: { $0 != path }), var target = step.new[other] else {
        return
      }
      if kind == .merge {
        target.lines += file.lines
        step.new[other] = target
        step.new[path] = nil
        return
      }
      let block = takeBlock(&file)
      target.lines.insert(contentsOf: block, at: random(0...target.lines.count))
      step.new[other] = target
    case .split:
      let cut = random(count / 3...count * 2 / 3)
      step.new["split_" + path] = TracedFile(lines: Array(file.lines[cut...]))
      file.lines.removeSubrange(cut...)
    case .rename:
      if step.renames.values.contains(path) { return }
      step.new[path] = nil
      step.new["moved/" + path] = file
      step.renames[path] = "moved/" + path
      editNeighbours(&file, random(0...4))
      step.new["moved/" + path] = file
      return
    case .renameIdentifier: renameIdentifier(&file)
    case .wrap: for _ in 0..<random(1...6) { wrap(&file, random(0...file.lines.count - 1)) }
    case .duplicate:
      let start = random(0...count - 8)
      let copy = copied(Array(file.lines[start..<start + random(3...8)]))
      file.lines.insert(contentsOf: copy, at: random(start + copy.count...count))
    case .editToken: for _ in 0..<random(1...4) { editNumber(&file) }
    case .editNeighbour: editNeighbours(&file, random(1...6))
    case .reformat: reformat(&file)
    case .indent:
      let start = random(0...count - 8)
      for line in start..<start + random(2...8) where !file.lines[line].isEmpty {
        file.lines[line][0].space += "    "
      }
      file.lines.insert(contentsOf: fresh(1), at: start)
    case .combination: return
    }
    step.new[path] = file
  }

  private mutating func fresh(_ count: Int) -> [[TracedToken]] {
    let start = random(0...max(0, stock.count - count - 1))
    return copied(Array(stock[start..<min(stock.count, start + count)]))
  }

  private mutating func copied(_ lines: [[TracedToken]]) -> [[TracedToken]] {
    lines.map { line in
      line.map { token in
        nextID += 1
        return TracedToken(id: nextID, space: token.space, text: token.text)
      }
    }
  }

  private mutating func takeBlock(_ file: inout TracedFile) -> [[TracedToken]] {
    let size = min(random(3...10), file.lines.count / 2)
    let start = random(0...file.lines.count - size)
    defer { file.lines.removeSubrange(start..<start + size) }
    return Array(file.lines[start..<start + size])
  }

  /// Puts one that says nothing in the place of a line that has a twin, where there is one.
  private mutating func replaceLine(_ file: inout TracedFile) {
    let texts = file.lines.map { $0.map(\.text).joined() }
    var counts: [String: Int] = [:]
    for text in texts { counts[text, default: 0] += 1 }
    let twins = texts.indices.filter { texts[$0].count > 4 && counts[texts[$0], default: 0] > 1 }
    let line = twins.isEmpty ? random(0...texts.count - 1) : twins[random(0...twins.count - 1)]
    nextID += 2
    file.lines[line] = [
      TracedToken(id: nextID, space: file.lines[line].first?.space ?? "", text: "manager"),
      TracedToken(id: nextID - 1, space: "", text: "."),
    ]
  }

  private mutating func renameIdentifier(_ file: inout TracedFile) {
    let names = Set(file.lines.joined().map(\.text)).filter {
      $0.count > 3
        && !["self", "return", "import", "open", "getattr", "isinstance", "print"].contains($0)
    }.sorted()
    if names.isEmpty { return }
    let name = names[random(0...names.count - 1)]
    for line in file.lines.indices {
      for place in file.lines[line].indices where file.lines[line][place].text == name {
        file.lines[line][place].text = name + "_new"
      }
    }
  }

  /// Breaks a line after a comma or an opening parenthesis.
  private mutating func wrap(_ file: inout TracedFile, _ line: Int) {
    let tokens = file.lines[line]
    let breaks = tokens.indices.dropLast().filter { [",", "("].contains(tokens[$0].text) }
    if breaks.isEmpty { return }
    let cut = breaks[random(0...breaks.count - 1)] + 1
    var rest = Array(tokens[cut...])
    rest[0].space = (tokens[0].space) + "    "
    file.lines[line] = Array(tokens[..<cut])
    file.lines.insert(rest, at: line + 1)
  }

  private mutating func editNumber(_ file: inout TracedFile) {
    let numbers = file.lines.indices.flatMap { line in
      file.lines[line].indices.filter { file.lines[line][$0].text.allSatisfy(\.isNumber) }
        .map { (line, $0) }
    }
    if numbers.isEmpty { return editNeighbours(&file, 1) }
    let (line, place) = numbers[random(0...numbers.count - 1)]
    file.lines[line][place].text = String(random(10...9_999))
  }

  /// Changes words that no rule looks at.
  private mutating func editNeighbours(_ file: inout TracedFile, _ count: Int) {
    for _ in 0..<count {
      let line = random(0...file.lines.count - 1)
      let places = file.lines[line].indices.filter { place in
        let text = file.lines[line][place].text
        return text.count > 2 && !["self", "return", "import", "def", "len", "str"].contains(text)
          && text.allSatisfy(\.isLetter)
      }
      if places.isEmpty { continue }
      file.lines[line][places[random(0...places.count - 1)]].text = "edited\(random(0...99))"
    }
  }

  /// Quotes, indentation by two, and long lines wrapped.
  private mutating func reformat(_ file: inout TracedFile) {
    for line in file.lines.indices {
      for place in file.lines[line].indices {
        if file.lines[line][place].text == "'" { file.lines[line][place].text = "\"" }
        if place == 0 {
          let space = file.lines[line][place].space
          file.lines[line][place].space = String(space.prefix(space.count / 2))
        }
      }
    }
    for line in file.lines.indices.reversed() where file.lines[line].count > 14 {
      wrap(&file, line)
    }
  }
}

extension TracedFile {
  init(lines: [[TracedToken]]) { self.lines = lines }
}
