import Foundation
import Testing

/// Ledgers without a ref: committed in the tree, and on a disk that many share.
@Suite struct CommittedLedgerTests {
  @Test("branches that both recorded merge without a conflict, and a diff shows what was recorded")
  func merge() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start the shop")
    try sandbox.scan()
    let program = Sandbox.path
    #expect(
      try sandbox.ok("install-git-drivers", "--program", program)
        .hasPrefix("git merges and shows ledger.db with tally now\n")
    )
    #expect(
      try sandbox.ok("install-git-drivers", "--program", program)
        == "git merges and shows ledger.db with tally in this clone\n"
    )
    #expect(
      try sandbox.read(".gitattributes")
        == "/ledger.db merge=tally-ledger diff=tally-ledger -text\n"
    )
    func commitLedger(_ message: String) throws {
      try sandbox.git("add", "ledger.db", ".gitattributes")
      try sandbox.git("commit", "-q", "-m", message)
    }
    try commitLedger("Record the first scan")
    try sandbox.git("checkout", "-q", "-b", "side")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    try sandbox.scan()
    try commitLedger("Record on the side")
    let shown = try sandbox.git("diff", "HEAD~1", "--", "ledger.db")
    #expect(shown.contains("+shop lintel@side 5 open"), "\(shown)")
    #expect(shown.contains(" scan lintel@side at "))
    try sandbox.git("checkout", "-q", "main")
    try sandbox.edit("src/app.py", "print(amount)", "return amount")
    try sandbox.commit("Print nothing")
    try sandbox.scan()
    try sandbox.ok("measure", "rss_mb=412")
    try commitLedger("Record on main")
    try sandbox.git("merge", "-q", "--no-edit", "side")
    #expect(try sandbox.git("status", "--porcelain", "--untracked-files=no") == "")
    try sandbox.ok("verify")
    let text = try sandbox.ok("textconv", "ledger.db")
    #expect(text.contains("shop lintel@main 5 open") && text.contains("shop lintel@side 5 open"))
    #expect(text.components(separatedBy: " scan lintel").count == 4)
    #expect(text.contains(" merge of "))
    // The other way round it is the same ledger.
    let merged = try sandbox.json("verify")
    try sandbox.git("checkout", "-q", "side")
    try sandbox.git("merge", "-q", "--no-edit", "main~1")
    let other = try sandbox.json("verify")
    #expect(other["stateDigest"] as? String == merged["stateDigest"] as? String)
    #expect(other["booksDigest"] as? String == merged["booksDigest"] as? String)
  }

  @Test("a file that is no ledger is left as a conflict, and nothing is lost")
  func conflict() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start the shop")
    try sandbox.scan()
    let before = sandbox.bytes()
    try sandbox.write("no ledger\n", to: "other.db")
    let outcome = try sandbox.tally("merge-driver", "ledger.db", "ledger.db", "other.db")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("[ledger.not-a-ledger]"))
    #expect(sandbox.bytes() == before)
  }

  @Test("16 processes into one file: none lost, none refused")
  func sharedDisk() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start the shop")
    for process in 0..<16 {
      try sandbox.lint(Linter(tool: "lintel\(process)"), to: "lint\(process).sarif")
    }
    let outcome = try sandbox.shell(
      """
      pids=
      for process in $(seq 0 15); do
        ( "$TALLY" ingest lint$process.sarif && "$TALLY" measure rss_mb=$process ) &
        pids="$pids $!"
      done
      for pid in $pids; do wait $pid || exit 7; done
      """
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!outcome.errors.contains("in use"))
    let text = try sandbox.ok("textconv", "ledger.db")
    #expect(text.components(separatedBy: " scan lintel").count == 17)
    #expect(text.components(separatedBy: " measurements at ").count == 17)
    try sandbox.ok("verify")
  }
}
