import Foundation
import Testing

/// A machine that lacks what most have: no `/proc`, as in a chroot or a jail where nobody mounted it.
///
/// Method: a mount namespace with an empty folder in its place.
@Suite struct BareMachineTests {
  @Test("without /proc the program gets its arguments, and records, shares and reports")
  func noProc() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let job = try remote.job("job")
    try job.lint()
    func tally(_ words: String) throws -> Outcome {
      try sandbox.shell(
        """
        unshare -rm true 2>/dev/null || exit 77
        cd '\(job.folder.path)' && exec unshare -rm sh -c '
          mount -t tmpfs none /proc 2>/dev/null || exit 77
          [ ! -e /proc/self ] || exit 78
          exec "$TALLY" \(words)'
        """
      )
    }
    let version = try tally("--version")
    if version.status == 77 { try Test.cancel("this machine has no mount namespaces") }
    #expect(version.output == (try job.ok("--version")))
    let recorded = try tally("ingest --push lint.sarif --category \"ü ß\"")
    #expect(recorded.status == 0, "\(recorded.errors)")
    #expect(recorded.output.contains("6 open  pushed 5 entries to refs/tally/ledger on origin"))
    #expect(recorded.output.contains("ü ß"))
    let pulled = try tally("pull")
    #expect(pulled.output.hasPrefix("nothing new on refs/tally/ledger"), "\(pulled)")
    #expect(try tally("list").output == job.ok("list"))
    #expect(try tally("statement --by rule").output == job.ok("statement", "--by", "rule"))
    #expect(try tally("verify").status == 0)
    #expect(try tally("measure --frobnicate").status == 64)
  }
}
