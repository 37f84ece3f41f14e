import Foundation
import Testing

/// Attestations of many: from a file, from a pipeline, all or none.
@Suite struct AttestFileTests {
  private func shop() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    return sandbox
  }

  private func signedOff(_ sandbox: Sandbox) throws -> [[String: Any]] {
    let context = try sandbox.json("report", "--context")
    return (context["attestations"] as? [String: Any])?["items"] as? [[String: Any]] ?? []
  }

  @Test("a file of many attestations is recorded as a whole: CSV, YAML, JSON, standard input")
  func files() throws {
    let cases = [
      (
        "a.csv",
        "criterion,campaign,why,until,by\r\noperations,,\"Drill, \"\"passed\"\"\",2026-04-01,Ben\r\n"
          + "status:at-risk,no-eval,Two people left,30d,\r\n"
      ),
      ("a.csv", "criterion;why;until;by\noperations;Drill;30d;Ben\nstatus:at-risk;Two;30d;\n"),
      (
        "a.yml",
        """
        attestations:
          - {criterion: operations, why: Drill, until: 2026-04-01, by: Ben}
          - criterion: status:at-risk
            campaign: no-eval
            why: Two people left
            until: 30d
        """
      ),
      (
        "a.json",
        """
        [{"criterion": "operations", "why": "Drill", "until": "30d", "by": "Ben"},
         {"criterion": "status:at-risk", "why": "Two", "until": "30d"}]
        """
      ),
    ]
    for (index, (name, text)) in cases.enumerated() {
      let sandbox = try shop()
      let outcome: Outcome
      if index % 2 == 0 {
        try sandbox.write(text, to: name)
        outcome = try sandbox.tally("attest", "--file", name)
      } else {
        outcome = try sandbox.shell(
          "cat | \"$TALLY\" attest --file - --campaign no-eval",
          input: Data(text.utf8)
        )
      }
      #expect(outcome.status == 0 && outcome.errors == "", "\(index): \(outcome.errors)")
      let lines = outcome.output.split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines[0].hasPrefix("attested operations until ") && lines[0].hasSuffix(" by Ben"))
      #expect(lines[1].hasPrefix("attested status:no-eval:at-risk until "), "\(lines)")
      #expect(lines[1].contains(" by Ada <ada@shop.example>  root "))
      let items = try signedOff(sandbox)
      #expect(items.contains { $0["criterion"] as? String == "operations" }, "\(items)")
      #expect(try sandbox.ok("report", "weekly").contains("Overridden: At risk"))
      #expect(try sandbox.json("verify")["findings"] as? [String] == [])
      // The same file again changes nothing, at the same time.
      if index == 0 {
        let again = try sandbox.ok("attest", "--file", name)
        #expect(again.components(separatedBy: "recorded before, nothing changed").count == 3)
      }
    }
  }

  @Test("what the command line says counts where the file says nothing")
  func defaults() throws {
    let sandbox = try shop()
    try sandbox.write("- criterion: operations\n- {criterion: legal, by: Cleo}\n", to: "a.yml")
    let outcome = try sandbox.tally(
      "attest",
      "--file",
      "a.yml",
      "--why",
      "Reviewed",
      "--until",
      "90d",
      "--by",
      "Ben",
      "--from",
      "2026-02-20"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("attested operations until 2026-05-30 by Ben\n"))
    #expect(outcome.output.contains("attested legal until 2026-05-30 by Cleo  root "))
    #expect(
      outcome.errors == """
        warning: recorded 9 days after it begins to count; posts will say so
        warning: no criterion of tally.yml asks for 'legal' (operations)

        """
    )
  }

  @Test("one wrong line refuses the file, and names the line")
  func wrongFile() throws {
    let sandbox = try shop()
    let cases: [(String, String, String)] = [
      ("a.csv", "criterion,why,until\noperations,,9d\n", "a.csv:2: the attestation has no reason"),
      ("a.csv", "criterion,why,until\noperations,x,\n", "a.csv:2: the attestation has no end"),
      ("a.csv", "criterion,why,until\n,x,9d\n", "a.csv:2: the attestation names no criterion"),
      ("a.csv", "criterion,why,until\noperations,x,soon\n", "'soon' after 'until' is not a date"),
      (
        "a.csv", "criterion,why,until\noperations,x,9d\noperations,x,2026-01-01\n",
        "a.csv:3: "
      ),
      (
        "a.csv", "criterion,why,until\noperations,x,9d\nstatus:great,x,9d\n",
        "a.csv:3: 'great' is no status of a campaign [attest.unknown-status]"
      ),
      (
        "a.csv", "criterion,campaign,why,until\noperations,no-eval,x,9d\n",
        "[attest.no-status]"
      ),
      (
        "a.csv", "criterion,campaign,why,until\nstatus:done,no-evil,x,9d\n",
        "a.csv:2: there is no campaign 'no-evil'"
      ),
      ("a.csv", "criterion,why,until\noperations,x\n", "a.csv:2: 2 fields, but 3 columns"),
      (
        "a.csv", "violation,why,until\noperations,x,9d\n", "a.csv:1: there is no column 'violation'"
      ),
      ("a.csv", "criterion,why,why\noperations,x,y\n", "the column 'why' is there twice"),
      ("a.csv", "criterion,why,until\n\"operations,x,9d\n", "a quotation mark is not closed"),
      ("a.csv", "criterion,why,until\n", "a.csv cannot be read, or is empty"),
      ("a.yml", "attestations:\n  - {criterion: operations, until: 9d}\n", "a.yml:2: the attestat"),
      ("a.yml", "waivers:\n  - {criterion: x, why: y}\n", "neither a list of attestations nor"),
      ("a.yml", "- {criteria: [a, b], why: y, until: 9d}\n", "a.yml:1: there is no key 'criteria'"),
      ("a.yml", "- {criterion: [a, b], why: y, until: 9d}\n", "'criterion' must be a text"),
      ("a.yml", "- operations\n", "a.yml:1: each attestation is a mapping"),
      ("a.yml", "- {criterion: [\n", "a.yml:"),
      (
        "a.json", "[{\"criterion\": \"operations\", \"why\": {}, \"until\": \"9d\"}]", "a.json:1: '"
      ),
    ]
    for (name, text, sentence) in cases {
      try sandbox.write(text, to: name)
      let before = sandbox.bytes()
      let outcome = try sandbox.tally("attest", "--file", name)
      #expect(outcome.status == 2 && outcome.output == "", "\(text)")
      #expect(outcome.errors.contains(sentence), "\(text): \(outcome.errors)")
      #expect(outcome.errors.contains("\nhint: "), "\(text)")
      #expect(sandbox.bytes() == before, "\(text)")
    }
    try sandbox.write(Data([0x66, 0xFF, 0xFE]), to: "a.csv")
    #expect(try sandbox.tally("attest", "--file", "a.csv").errors.contains("[promise.unreadable]"))
    let long = "criterion,why,until\n" + String(repeating: "operations,x,9d\n", count: 10_001)
    try sandbox.write(long, to: "a.csv")
    #expect(try sandbox.tally("attest", "--file", "a.csv").errors.contains("[promise.too-long]"))
    #expect(try sandbox.tally("attest", "--file", "missing.csv").status == 2)
    for words in [
      ["operations", "--file", "a.csv"], ["operations", "--why", "x"],
      ["operations", "--until", "9d"], [],
    ] {
      #expect(try sandbox.run(["attest"] + words).status == 64, "\(words)")
    }
  }
}
