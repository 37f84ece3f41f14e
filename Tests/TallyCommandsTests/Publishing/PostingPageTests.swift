import Foundation
import Testing
import Yams

/// `docs/posting.md` says what works.
///
/// Method: its workflows are read as YAML, each of their lines that posts is run against a server, and its Python judges a real delivery.
@Suite struct PostingPageTests {
  private static func page() throws -> String {
    try String(
      contentsOf: Golden.project.appendingPathComponent("docs/posting.md"),
      encoding: .utf8
    )
  }

  @Test("every line of the workflows posts")
  func workflows() throws {
    let shop = try PostingShop()
    var calls = 0
    for block in try Self.page().matches(of: #/(?s)```yaml\n(.*?)```/#) {
      let text = String(block.output.1)
      #expect(try Yams.load(yaml: text) is [String: Any])
      for line in text.split(separator: "\n") where line.contains("tally post ") {
        let call = line.drop { $0 == " " || $0 == "-" }.replacing("redis-ssot", with: "no-eval")
        let arguments = call.split(separator: " ").dropFirst().map(String.init)
        let outcome = try shop.sandbox.run(arguments)
        #expect(outcome.status == 0, "\(call): \(outcome.errors)")
        #expect(outcome.output.hasPrefix("created comment "), "\(outcome.output)")
        calls += 1
      }
    }
    #expect(calls == 3, "the page has other lines now")
  }

  @Test("the lines of Python tell our deliveries from others")
  func python() throws {
    let shop = try PostingShop()
    shop.sandbox.environment["TALLY_WEBHOOK_URL"] = "\(shop.server.address)/hook/s3cr3t"
    shop.sandbox.environment["TALLY_WEBHOOK_SECRET"] = "hush-s3cr3t"
    try shop.ok("webhook")
    let request = try #require(try shop.server.requests().first)
    let header = try #require(request.headers["x-tally-signature-256"])
    let code = try #require(try Self.page().firstMatch(of: #/(?s)```python\n(.*?)```/#)?.output.1)
    let script = """
      \(code)
      import sys
      body = sys.stdin.buffer.read()
      print(is_ours(body, "\(header)", "hush-s3cr3t"), is_ours(body + b" ", "\(header)", "hush-s3cr3t"),
            is_ours(body, "\(header)", "hush"))
      """
    try shop.sandbox.write(script, to: "judge.py")
    let verdict = try shop.sandbox.shell("python3 -B judge.py", input: Data(request.body.utf8))
    #expect(verdict.output == "True False False\n", "\(verdict.errors)")
  }
}
