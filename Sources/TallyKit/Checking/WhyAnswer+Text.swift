import TallyReport

extension WhyAnswer {
  /// The rows behind the number; where it means several things, each of them in a line.
  public func text(_ style: TextStyle) -> String {
    var text = ""
    let lost = places.filter { !$0.isSame }
    for place in lost {
      text += "line \(place.line) is not what the ledger says\n"
      text += "  the post:    \(place.sentence)\n"
      if let ledger = place.ledger { text += "  the ledger:  \(ledger)\n" }
    }
    if answers.isEmpty { return text }
    if !lost.isEmpty { text += "\n" }
    if answers.count > 1 {
      text += overview(style)
      if number != Workspace.everyNumber {
        text += "\nchoose one: tally why '\(number)' \(source) --line N\n"
      }
      return text
    }
    let own = places.filter { $0.answer == 0 }
    for place in own.prefix(Self.rowsMax) {
      text += "line \(place.line):  \(excerpt(place, width: style.columns))\n"
    }
    if own.count > Self.rowsMax { text += "… and \(own.count - Self.rowsMax) more places\n" }
    return text + "\n" + answers[0].text(style, post)
  }

  /// A line for each place.
  private func overview(_ style: TextStyle) -> String {
    var table = TextTable(columns: [
      .init("Line", .right), .init("Number", .right), .init("What it is", minimum: 20),
      .init("Where it stands", minimum: 20),
    ])
    for place in places {
      guard let answer = place.answer.map({ answers[$0] }) else { continue }
      table.add([
        .init("\(place.line)"), .init(place.text, .bold),
        .init(answer.name ?? answer.how), .init(excerpt(place, width: 60), .dim),
      ])
    }
    return table.rendered(width: style.columns, colour: style.colour)
  }

  /// The part of the line around the number.
  private func excerpt(_ place: Place, width: Int?) -> String {
    let room = max(20, (width ?? 100) - 12)
    // What keeps hosts from seeing a mention or a reference is nothing to look at, and tags are not.
    func plain(_ text: some StringProtocol) -> String {
      let text = String(text).replacing("\u{200B}", with: "")
      return post.template.hasSuffix(".html") ? text.replacing(#/<[^>]*>/#, with: " ") : text
    }
    let before = plain(place.sentence.prefix(place.column - 1))
    let line = before + plain(place.sentence.dropFirst(place.column - 1))
    if line.count <= room { return line }
    let start = max(0, min(before.count - room / 2, line.count - room))
    let part = line.dropFirst(start).prefix(room)
    return (start > 0 ? "…" : "") + part + (start + room < line.count ? "…" : "")
  }
}

extension WhyAnswer.Answer {
  /// What it is, how it came about, the rows, and the proof.
  func text(_ style: TextStyle, _ post: CheckAnswer.Post) -> String {
    var fields = FieldList()
    fields.add("number", text)
    fields.add("name", name ?? "")
    fields.add("means", meaning ?? "")
    fields.add("how", how)
    for operand in operands.prefix(WhyAnswer.rowsMax) {
      fields.add("from", "\(operand.name) = \(operand.value)")
    }
    if operands.count > WhyAnswer.rowsMax {
      fields.add("", "and \(operands.count - WhyAnswer.rowsMax) more")
    }
    if let count { fields.add("rows", Wording.grouped(count)) }
    fields.add("the same", command ?? "")
    var text = fields.rendered(width: style.columns, colour: style.colour)
    for table in tables where !table.rows.isEmpty {
      text += "\n" + table.rendered(width: style.columns, colour: style.colour)
    }
    if more > 0 { text += "… and \(Wording.grouped(more)) more (--all shows them)\n" }
    if !entries.isEmpty { text += "\n" + proof(style, post) }
    return text
  }

  private var tables: [TextTable] {
    var violated = TextTable(columns: [
      .init("ID"), .init("Rule"), .init("Place", minimum: 20, cut: .start), .init("Priority"),
      .init("Since"),
    ])
    for row in violations {
      violated.add([
        .init(row.id, .bold), .init(row.rule),
        .init(row.line.map { "\(row.path):\($0)" } ?? row.path), .init(row.priority ?? ""),
        .init(String(row.since?.prefix(10) ?? "")),
      ])
    }
    var posted = TextTable(columns: [
      .init("When"), .init("ID"), .init("Cause"), .init("Basis"),
      .init("Place", minimum: 20, cut: .start), .init("Commit"),
      .init("Subject", minimum: 10),
    ])
    for row in postings {
      let commit = row.commit.map { String($0.prefix(9)) } ?? ""
      posted.add([
        .init(String(row.time?.prefix(10) ?? "")), .init(row.id, .bold), .init(row.cause),
        .init(row.basis), .init(row.path),
        .init(row.isExactCommit || commit.isEmpty ? commit : "..\(commit)"),
        .init(row.subject ?? "", .dim),
      ])
    }
    var tested = TextTable(columns: [
      .init("Test", minimum: 20, cut: .start), .init("Outcome"), .init("Commit"),
    ])
    for row in tests {
      tested.add([.init(row.id), .init(row.outcome), .init(String(row.commit.prefix(9)))])
    }
    var measured = TextTable(columns: [.init("Measurement"), .init("Value"), .init("Commit")])
    for row in samples {
      measured.add([.init(row.name), .init(row.value), .init(String(row.commit.prefix(9)))])
    }
    return [violated, posted, tested, measured]
  }

  private func proof(_ style: TextStyle, _ post: CheckAnswer.Post) -> String {
    var table = TextTable(columns: [
      .init("Entry"), .init("Kind"), .init("About"), .init("Commit"), .init("Arrived"),
      .init("Leaf", .right), .init("Proof"),
    ])
    for entry in entries {
      let hashes = Wording.counted(entry.path.count, "hash", "hashes")
      table.add([
        .init(String(entry.id.prefix(12)), .bold), .init(entry.kind), .init(entry.subject ?? ""),
        .init(String(entry.commit?.prefix(9) ?? "")), .init(String(entry.arrived.prefix(10))),
        .init("\(entry.leaf)"),
        entry.isProved
          ? .init("\(hashes) to \(post.root)", .good)
          : .init("does not lead to \(post.root)", .bad),
      ])
    }
    let more =
      moreEntries > 0
      ? "… and \(Wording.counted(moreEntries, "entry", "entries")) more (--all shows them)\n" : ""
    return table.rendered(width: style.columns, colour: style.colour) + more
  }
}
