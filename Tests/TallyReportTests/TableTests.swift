import TallyModel
import TallyReport
import Testing

/// Pins tables for terminals at several widths, with styles and hostile cells.
@Suite("Tables")
struct TableTests {
  private var list: TextTable {
    var table = TextTable(
      columns: [
        .init("Id"), .init("Rule"), .init("Where", minimum: 12, cut: .start),
        .init("Days", .right), .init("Message", minimum: 10),
      ]
    )
    table.add([
      "T-7K3QF2", "TID251", "netra_backend/app/agents/supervisor/execution_engine.py:41", "74",
      "`redis.Redis` is banned: ask the manager",
    ])
    table.add([
      .init("T-0AB8XZ", .good), .init("TID251", .dim), "auth_service/main.py:3", "5",
      .init("日本語のメッセージ and 🎉 more", .bad),
    ])
    table.rows.append(.rule)
    table.add(["T-M4Q9T1", "a\u{1B}[2Jb", "|`x\ny`", "1,204", .init(SampleContexts.hostileText)])
    return table
  }

  @Test("list", arguments: [nil, 40, 80, 120])
  func list(_ width: Int?) throws {
    let text = list.rendered(width: width)
    try expectGolden(text, "tables/list-\(width.map(String.init) ?? "pipe").txt")
  }

  @Test("colour is the only difference colour makes")
  func colour() throws {
    let coloured = list.rendered(width: 80, colour: true)
    #expect(coloured != list.rendered(width: 80))
    #expect(coloured.replacing(/\u{1B}\[\d+m/, with: "") == list.rendered(width: 80))
  }

  @Test("statement by priority and as one account")
  func statement() throws {
    let buckets = [
      StatementTable.Bucket(
        name: "P1 Agent execution",
        opening: 14,
        moves: [.introduced: 1, .fixed: 3],
        closing: 12
      ),
      StatementTable.Bucket(
        name: "P2 Service initialization",
        opening: 22,
        moves: [.introduced: 4, .fixed: 11, .waived: 0, .redefinedOut: 0],
        closing: 15
      ),
      StatementTable.Bucket(name: "P3 Test infrastructure", opening: 7, moves: [:], closing: 7),
    ]
    var table = StatementTable(title: "Priority", buckets: buckets)
    var text = table.table.rendered(width: 100)
    #expect(table.causes == [.introduced, .fixed])
    #expect(table.total.balances)
    table.buckets[2].closing = 8
    text += "\n" + table.table.rendered(width: 60)
    text +=
      "\n"
      + StatementTable.account(
        buckets[1],
        opening: "Open on 2026-09-07 (61d2fab2c)",
        closing: "Open on 2026-11-20 (a7a37eea5)",
        bases: [.fixed: "10 direct, 1 indirect"]
      ).rendered(width: 80)
    try expectGolden(text, "tables/statement.txt")
  }

  @Test("fields of one thing")
  func fields() throws {
    var list = FieldList()
    list.add("Violation", "T-7K3QF2")
    list.add("Rule", "TID251")
    list.add("Empty", "")
    list.add("Message", "`redis.Redis` is banned: ask the one manager of the service for a client")
    list.add("Hostile", "\u{1B}]0;title\u{7} two\nlines")
    try expectGolden(
      list.rendered(width: 40) + "\n" + list.rendered(),
      "tables/fields.txt"
    )
  }

  @Test("nothing to show shows nothing")
  func empty() {
    #expect(TextTable(columns: [.init("A")]).rendered() == "")
    #expect(FieldList().rendered() == "")
  }

  /// Lines never exceed the width when the columns that may give have room to.
  @Test("fits any width", arguments: [UInt64](1...100))
  func fits(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    var table = TextTable(
      columns: [.init("A", minimum: 3, cut: .start), .init("B", .right), .init("C", minimum: 3)]
    )
    for _ in 0..<5 {
      let pick = { (random: inout SplitMix) in
        hostileTexts[Int(random.next() % UInt64(hostileTexts.count))]
      }
      table.add([.init(pick(&random)), "12", .init(pick(&random))])
    }
    let width = 14 + Int(random.next() % 60)
    for line in table.rendered(width: width).split(separator: "\n") {
      #expect(DisplayWidth.of(String(line)) <= width, "seed \(seed), width \(width)")
    }
  }
}
