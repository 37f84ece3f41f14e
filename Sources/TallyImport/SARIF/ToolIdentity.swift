/// Makes the canonical id of a tool from the name it writes.
///
/// MUST NOT CHANGE for a name once it is in a ledger: lanes are keyed by it. The rule is in
/// `docs/sarif.md`, "Tool ids".
public enum ToolIdentity {
  /// Names whose general form is not what the tool is called on the command line.
  private static let aliases: [String: String] = [
    "bandit-security-linter": "bandit",
    "checkov-by-prisma-cloud": "checkov",
    "clang-static-analyzer": "clang",
    "codeql-command-line-toolchain": "codeql",
    "microsoft-r-visual-c#-compiler": "csc",
    "semgrep-code": "semgrep",
    "semgrep-ce": "semgrep",
    "semgrep-oss": "semgrep",
    "semgrep-pro": "semgrep",
    "snykcode": "snyk-code",
  ]

  /// Returns the id: ASCII letters lowercased, every run of characters other than letters, digits,
  /// `.`, `_`, `+`, `#` and non-ASCII ones made one `-`, none at the ends, then the alias if there
  /// is one; `unnamed` for a name without any of these.
  public static func canonicalID(of name: String) -> String {
    var id: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        id.append(byte + 32)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...,
        UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "#"):
        id.append(byte)
      default:
        if id.last != UInt8(ascii: "-") { id.append(UInt8(ascii: "-")) }
      }
    }
    if id.first == UInt8(ascii: "-") { id.removeFirst() }
    if id.last == UInt8(ascii: "-") { id.removeLast() }
    let text = String(decoding: id, as: UTF8.self)
    if text.isEmpty { return "unnamed" }
    return aliases[text] ?? text
  }
}
