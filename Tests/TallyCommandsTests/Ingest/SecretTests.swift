import Foundation
import Testing

/// Secrets that scanners quote: none gets into a ledger, an output or a report, not even as a hash.
///
/// Method: findings in the shape of real tools' SARIF, with secrets of a known text; every byte of the ledger is searched, inflated
/// too, and two ledgers that differ in nothing but the secrets have to hold the same sheets and texts.
@Suite struct SecretTests {
  /// One tool's way to tell of a secret at a line.
  struct Teller {
    let tool: String
    let rule: String
    /// SARIF rule object, besides its id.
    var about: [String: Any] = [:]
    let message: (String) -> String
    /// What stands besides rule, message and place.
    var more: (String) -> [String: Any] = { _ in [:] }
  }

  static let path = "config/app.env"

  static var tellers: [Teller] {
    [
      Teller(
        tool: "gitleaks",
        rule: "aws-access-token",
        about: [
          "shortDescription": ["text": "Identified a pattern that may indicate AWS credentials"]
        ],
        message: { _ in "aws-access-token has detected secret for file config/app.env." },
        more: { secret in
          [
            "partialFingerprints": [
              "commitSha": "1234567", "email": "a@b.example", "commitMessage": "add \(secret)",
            ]
          ]
        }
      ),
      Teller(
        tool: "gitleaks",
        rule: "generic-api-key",
        message: { "generic-api-key has detected secret for file config/app.env: \($0)" }
      ),
      Teller(
        tool: "Trivy",
        rule: "aws-access-key-id",
        about: [
          "name": "Secret",
          "fullDescription": ["text": "key = \"SECRET\" region = eu"],
          "properties": ["tags": ["secret", "security", "CRITICAL"]],
        ],
        message: { secret in
          "Artifact: config/app.env\nType: \nSecret AWS Access Key ID\nSeverity: CRITICAL\nMatch: "
            + "AWS_ACCESS_KEY_ID=\(secret)"
        }
      ),
      Teller(
        tool: "Semgrep OSS",
        rule: "generic.secrets.security.detected-generic-api-key.detected-generic-api-key",
        about: ["properties": ["tags": ["CWE-798: Use of Hard-coded Credentials", "security"]]],
        message: { _ in "Generic API Key detected" },
        more: { secret in ["fingerprints": ["matchBasedId/v1": "\(secret)_0"]] }
      ),
      Teller(
        tool: "Semgrep OSS",
        rule: "python.django.key",
        about: ["properties": ["tags": ["CWE-798: Use of Hard-coded Credentials", "LOW"]]],
        message: { "Key \($0) is hard-coded" }
      ),
      Teller(
        tool: "Bandit",
        rule: "B105",
        about: ["properties": ["tags": ["security", "external/cwe/cwe-259"]]],
        message: { "Possible hardcoded password: '\($0)'" }
      ),
      Teller(
        tool: "trufflehog",
        rule: "AWS",
        message: { "Found unverified AWS result: \($0) (decoder PLAIN)" }
      ),
      Teller(
        tool: "detect-secrets",
        rule: "Secret Keyword",
        message: { _ in "Secret Keyword" },
        more: { ["partialFingerprints": ["hashed_secret": SHA1.hex($0)]] }
      ),
      Teller(
        tool: "Checkov",
        rule: "CKV_SECRET_6",
        message: { "Base64 High Entropy String \($0)" }
      ),
    ]
  }

  /// Records what every teller says of a file whose second line holds the secret.
  static func play(_ secret: String) throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.write("REGION=eu\nKEY=\(secret)\nDEBUG=1\n", to: path)
    try sandbox.write("print(1)\n", to: "src/app.py")
    try sandbox.commit("Start")
    for (index, teller) in tellers.enumerated() {
      let region: [String: Any] = [
        "startLine": 2, "startColumn": 5, "endColumn": 5 + secret.count,
        "snippet": ["text": secret],
      ]
      let context: [String: Any] = [
        "startLine": 1, "endLine": 3, "snippet": ["text": "REGION=eu\nKEY=\(secret)\nDEBUG=1\n"],
      ]
      var finding: [String: Any] = [
        "ruleId": teller.rule, "level": "error", "message": ["text": teller.message(secret)],
        "locations": [
          [
            "physicalLocation": [
              "artifactLocation": ["uri": path], "region": region, "contextRegion": context,
            ]
          ]
        ],
      ]
      finding.merge(teller.more(secret)) { $1 }
      var rule = teller.about
      rule["id"] = teller.rule
      if let full = rule["fullDescription"] as? [String: String] {
        let text = full["text"]?.replacingOccurrences(of: "SECRET", with: secret)
        rule["fullDescription"] = ["text": text]
      }
      // A neighbour on the next line, whose window must not reach over the secret's line.
      let neighbour: [String: Any] = [
        "ruleId": "other", "level": "note", "message": ["text": "DEBUG is on"],
        "locations": [
          [
            "physicalLocation": [
              "artifactLocation": ["uri": path], "region": ["startLine": 3, "startColumn": 1],
            ]
          ]
        ],
      ]
      let run: [String: Any] = [
        "tool": ["driver": ["name": teller.tool, "version": "1.0", "rules": [rule]]],
        "automationDetails": ["id": "\(index)/"],
        "results": [finding, neighbour],
        "invocations": [["executionSuccessful": true]],
      ]
      try sandbox.write(try Linter.log([run]), to: "secrets.sarif")
      let outcome = try sandbox.tally("ingest", "secrets.sarif")
      #expect(outcome.status == 0, "\(teller.tool): \(outcome.errors)")
      #expect(!(outcome.output + outcome.errors).contains(secret), "\(teller.tool)")
    }
    return sandbox
  }

  /// Prints every byte string of a database, whole and inflated, as hexadecimal digits a line.
  private static let dump = """
    import sqlite3, sys, zlib
    db = sqlite3.connect("ledger.db")
    tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in sorted(tables):
        for row in db.execute(f"SELECT * FROM {table}"):
            for value in row:
                if isinstance(value, str):
                    value = value.encode()
                if not isinstance(value, bytes):
                    continue
                print(value.hex())
                for skip in range(min(12, len(value))):
                    for wbits in (-15, 15):
                        try:
                            whole = zlib.decompressobj(wbits).decompress(value[skip:])
                        except zlib.error:
                            continue
                        if len(whole) > 8:
                            print(whole.hex())
    """

  @Test(
    "no secret gets into the ledger, an output or a report",
    arguments: ["AKIAQYLPMN5HHHFPZAM2", "correcthorsebatterystaple", "hunter2secret"]
  )
  func nowhere(_ secret: String) throws {
    let sandbox = try Self.play(secret)
    let parts = [secret, String(secret.prefix(10)), String(secret.suffix(10))]
    let hashes = [SHA1.hex(secret), Data(secret.utf8).base64EncodedString()]
    let raw = try Data(contentsOf: sandbox.folder.appendingPathComponent("ledger.db"))
    for part in parts + hashes {
      #expect(raw.range(of: Data(part.utf8)) == nil, "\(part) is in the file")
    }
    let dump = try sandbox.shell("python3 -c '\(Self.dump.replacing("'", with: "'\\''"))'")
    if dump.status != 0 { try Test.cancel("python3 has no sqlite3 here") }
    #expect(dump.output.contains(Self.hex("REGION").lowercased()) == false)
    for part in parts + hashes {
      #expect(!dump.output.contains(Self.hex(part)), "\(part) is in a row")
    }
    let ids = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    #expect(ids.count == 2 * Self.tellers.count)
    var outputs = try [
      sandbox.ok("list"), sandbox.ok("list", "--output", "json"), sandbox.ok("report"),
      sandbox.ok("report", "--context"), sandbox.ok("statement", "--by", "rule"),
      sandbox.ok("trend", "--by", "rule", "--output", "csv"), sandbox.ok("lane", "list"),
      sandbox.ok("verify"), sandbox.ok("rebuild"),
    ]
    for id in ids.compactMap({ $0["id"] as? String }) { outputs.append(try sandbox.ok("show", id)) }
    let gate = try sandbox.tally(
      "gate",
      "--annotations",
      "github",
      "--summary",
      "s.md",
      "--sarif",
      "out.sarif",
      "--code-quality",
      "q.json"
    )
    outputs += [gate.output, gate.errors]
    for file in ["s.md", "out.sarif", "q.json"] { outputs.append(try sandbox.read(file)) }
    for output in outputs {
      for part in parts + hashes { #expect(!output.contains(part), "\(output.prefix(200))") }
    }
  }

  @Test("two ledgers whose secrets alone differ hold the same sheets and texts")
  func invariant() throws {
    let script = """
      import sqlite3
      db = sqlite3.connect("ledger.db")
      for row in db.execute("SELECT hex(id) FROM object WHERE kind = 1 ORDER BY 1"):
          print(*row)
      for row in db.execute("SELECT body FROM text ORDER BY 1"):
          print(*row)
      """
    var found: [String] = []
    for secret in ["AKIAQYLPMN5HHHFPZAM2", "AKIAZZZZZZ5HHHFPZAM9"] {
      let outcome = try Self.play(secret).shell("python3 -c '\(script)'")
      if outcome.status != 0 { try Test.cancel("python3 has no sqlite3 here") }
      found.append(outcome.output)
    }
    #expect(found[0] == found[1])
    #expect(found[0].split(separator: "\n").count { $0.count == 64 } >= Self.tellers.count)
  }

  @Test("what a secret's message still says, and that other rules keep theirs")
  func messages() throws {
    let sandbox = try Self.play("hunter2secret")
    let list = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    let said = Set(list.compactMap { $0["message"] as? String })
    #expect(
      said == [
        "aws-access-token has detected secret for file config/app.env.",
        "generic-api-key has detected secret for file config/app.env: ***",
        "Artifact: config/app.env Type: Secret AWS Access Key ID Severity: CRITICAL Match: ***",
        "Generic API Key detected", "Key *** is hard-coded", "Possible hardcoded password: ***",
        "Found unverified AWS ***", "Secret Keyword", "Base64 High Entropy String ***",
        "DEBUG is on",
        // A tool that looks for nothing but secrets: every finding of it may be one.
        "*** is on",
      ],
      "\(said.sorted())"
    )
  }

  private static func hex(_ text: String) -> String {
    text.utf8.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

/// SHA-1 for a test: what detect-secrets writes for a secret.
private enum SHA1 {
  static func hex(_ text: String) -> String {
    var h: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    var bytes = Array(text.utf8)
    let length = UInt64(bytes.count * 8)
    bytes.append(0x80)
    while bytes.count % 64 != 56 { bytes.append(0) }
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(length >> shift & 0xFF))
    }
    func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
      value << count | value >> (32 - count)
    }
    for block in stride(from: 0, to: bytes.count, by: 64) {
      var w = (0..<16).map { word in
        (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[block + word * 4 + $1]) }
      }
      for index in 16..<80 {
        w.append(rotate(w[index - 3] ^ w[index - 8] ^ w[index - 14] ^ w[index - 16], 1))
      }
      var (a, b, c, d, e) = (h[0], h[1], h[2], h[3], h[4])
      for index in 0..<80 {
        let (f, k): (UInt32, UInt32)
        switch index {
        case ..<20: (f, k) = (b & c | ~b & d, 0x5A82_7999)
        case ..<40: (f, k) = (b ^ c ^ d, 0x6ED9_EBA1)
        case ..<60: (f, k) = (b & c | b & d | c & d, 0x8F1B_BCDC)
        default: (f, k) = (b ^ c ^ d, 0xCA62_C1D6)
        }
        let next = rotate(a, 5) &+ f &+ e &+ k &+ w[index]
        (e, d, c, b, a) = (d, c, rotate(b, 30), a, next)
      }
      for (index, value) in [a, b, c, d, e].enumerated() { h[index] = h[index] &+ value }
    }
    return h.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}
