import Testing

/// The account as a table.
@Suite struct StatementTests {
  @Test("what moved from one row to another is not in the total")
  func movedInTotal() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let table = try sandbox.ok("statement", "2026-03-01..", "--by", "path")
    let lines = table.split(separator: "\n")
    let columns = try #require(lines.first { $0.hasPrefix("path") })
    #expect(columns.contains("Moved in") && columns.contains("Moved out"))
    let total = try #require(lines.last)
    #expect(total.split(separator: " ") == ["Total", "6", "+2", "-1", "7"])
  }
}
