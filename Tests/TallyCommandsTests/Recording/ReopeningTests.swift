import Foundation
import Testing

/// Violations that come back: looked for among the closed ones, through what happened to their files meanwhile.
@Suite struct ReopeningTests {
  private func what(_ sandbox: Sandbox, _ id: String) throws -> [String] {
    (try sandbox.json("show", id)["events"] as? [[String: Any]] ?? [])
      .compactMap { $0["what"] as? String }
  }

  @Test("fixed, then back after the file got another name and its lines moved")
  func renamed() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*")
    try sandbox.edit("src/tools/export.py", "return eval(cell)", "return cell")
    try sandbox.commit("Parse nothing")
    #expect(try sandbox.scan().postings == ["fixed": 1])
    try sandbox.git("mv", "src/tools/export.py", "src/tools/csv.py")
    try sandbox.commit("Name it after its format")
    try sandbox.scan()
    try sandbox.edit(
      "src/tools/csv.py",
      "def export(rows):",
      "import re\nimport sys\n\n\ndef export(rows):"
    )
    try sandbox.commit("Import more")
    try sandbox.scan()
    try sandbox.edit("src/tools/csv.py", "return cell", "return eval(cell)")
    try sandbox.commit("Revert \"Parse nothing\"")
    #expect(try sandbox.scan().postings == ["reopened": 1])
    #expect(try what(sandbox, id) == ["brought forward", "fixed", "reopened"])
    #expect(try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*") == id)
    // Once more, twice in a row: there is one life, not three.
    for text in ["return cell", "return eval(cell)"] {
      let other = text == "return cell" ? "return eval(cell)" : "return cell"
      try sandbox.edit("src/tools/csv.py", other, text)
      try sandbox.commit(text)
      try sandbox.scan()
    }
    #expect(try what(sandbox, id).suffix(2) == ["fixed", "reopened"])
    #expect(try sandbox.json("verify")["findings"] as? [String] == [])
  }

  @Test("another finding at the same place is not the one that was fixed")
  func strict() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    try sandbox.edit("src/tools/export.py", "return eval(cell)", "return cell")
    try sandbox.commit("Parse nothing")
    try sandbox.scan()
    try sandbox.edit(
      "src/tools/export.py",
      "def parse(cell):\n    return cell",
      "def total(order, day):\n    amount = order.sum(day)\n    return amount + eval(order.extra)"
    )
    try sandbox.commit("Add extras")
    #expect(try sandbox.scan().postings == ["introduced": 1])
  }

  @Test("one of two twins that comes back is the nearer one, and both can")
  func twins() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    let twin = "def %(text):\n    value = text.strip()\n    return eval(value)\n\n"
    let first = twin.replacingOccurrences(of: "%", with: "a")
    let second = twin.replacingOccurrences(of: "%", with: "b")
    let clean = first.replacingOccurrences(of: "eval(value)", with: "value")
    try sandbox.write(first + second, to: "src/app.py")
    try sandbox.commit("Start")
    try sandbox.scan()
    let ids = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    #expect(ids.count == 2)
    try sandbox.write(clean + second, to: "src/app.py")
    try sandbox.commit("Fix a")
    #expect(try sandbox.scan().postings == ["fixed": 1])
    try sandbox.write("import re\n\n" + first + second, to: "src/app.py")
    try sandbox.commit("Back")
    #expect(try sandbox.scan().postings == ["reopened": 1])
    let now = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    #expect(now.map { $0["id"] as? String } == ids.map { $0["id"] as? String })
  }
}
