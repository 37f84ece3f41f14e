import Foundation
import TallyModel
import Testing

@testable import TallyImport

/// Writes a SARIF file of the size that the bars are about: about 900 bytes a result, as ruff
/// indents them.
enum LargeReport {
  static func write(to url: URL, resultCount: Int, isCompact: Bool = false) throws {
    let newline = isCompact ? "" : "\n"
    func indent(_ depth: Int) -> String { isCompact ? "" : String(repeating: " ", count: depth) }
    var text = "{\"version\": \"2.1.0\",\"runs\": [{\"results\": ["
    text.reserveCapacity(resultCount * 950)
    for index in 0..<resultCount {
      let line = index % 3000 + 1
      let members = [
        "\"level\": \"warning\"",
        "\"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": "
          + "\"file:///builds/team/sample/src/package_\(index / 900)/module_\(index / 30).py\"}, "
          + "\"region\": {\"endColumn\": \(index % 80 + 9), \"endLine\": \(line), "
          + "\"startColumn\": \(index % 80 + 1), \"startLine\": \(line)}}}]",
        "\"message\": {\"text\": \"Name `value_\(index)` is too long (\(index % 90) > 88)\"}",
        "\"ruleId\": \"R\(index % 40)\"",
      ]
      let properties = (0..<8).map { "\"property_\($0)\": [\(index), true, \"text\"]" }
      let separator = ",\(newline)\(indent(10))"
      text += index == 0 ? "\(newline){" : ",\(newline){"
      text += indent(10) + members.joined(separator: separator) + separator
      text += "\"properties\": {\(properties.joined(separator: ", "))}\(newline)\(indent(8))}"
    }
    let rules = (0..<40).map { "{\"id\": \"R\($0)\"}" }.joined(separator: ",")
    text += "],\"tool\": {\"driver\": {\"name\": \"large\", \"rules\": [\(rules)]}}}]}"
    try Data(text.utf8).write(to: url)
  }
}

@Suite struct LargeReportTests {
  /// Anonymous memory of this process in bytes; nil where the system does not say.
  private func anonymousBytes() -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") }),
      let number = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first,
      let kilobytes = Int(number)
    else { return nil }
    return kilobytes * 1024
  }

  /// A compressed file of some hundred kilobytes can hold one string of gigabytes.
  @Test func `memory does not grow with what is compressed`() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-large-\(UUID().uuidString).sarif.gz")
    defer { try? FileManager.default.removeItem(at: url) }
    let bytes = 300_000_000
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      #"""
      { printf '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": [], "x": "'
      head -c \#(bytes) /dev/zero | tr '\0' x; printf '"}]}'; } | gzip -1 > "$0"
      """#, url.path,
    ]
    try process.run()
    process.waitUntilExit()
    let before = anonymousBytes()
    let input = try InputBytes(path: url.path)
    #expect(input.count > bytes)
    var sink = CountingSink()
    try SARIFImporter().importRuns(from: input, limits: ImportLimits(), to: &sink)
    if let before, let after = anonymousBytes() { #expect(after - before < 150 << 20) }
  }

  /// The bar of the import alone: 0.35 of the file and 400 bytes a finding, with tests running
  /// beside.
  @Test(arguments: [false, true])
  func `memory does not grow with the file`(_ isCompact: Bool) throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-large-\(UUID().uuidString).sarif")
    defer { try? FileManager.default.removeItem(at: url) }
    let count = 3000
    try LargeReport.write(to: url, resultCount: count, isCompact: isCompact)
    let input = try InputBytes(path: url.path)
    let before = anonymousBytes()
    var sink = CountingSink()
    try SARIFImporter().importRuns(from: input, limits: ImportLimits(), to: &sink)
    #expect(sink.findingCount == count)
    if let before, let after = anonymousBytes() {
      // Other tests of the process run at the same time; their memory is in these numbers too.
      #expect(after - before < input.count + 400 * count + (64 << 20))
    }
  }
}
