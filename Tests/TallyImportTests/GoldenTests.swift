import Foundation
import TallyImport
import TallyModel
import Testing

@Suite struct GoldenTests {
  /// Pins everything the importers keep and drop.
  ///
  /// Method: files as tools wrote them and one file per quirk, rendered as text and compared whole.
  @Test(
    arguments: ["sarif", "junit"].flatMap { folder in fixtureNames(folder).map { "\(folder)/\($0)" }
    }
  )
  func `takes what tools write`(_ name: String) throws {
    let path = fixtures.appendingPathComponent(name).path
    let input = try InputBytes(path: path)
    let importer = try detectFormat(of: input, fileName: name)
    #expect(importer.formatName == name.prefix { $0 != "/" })
    var sink = RecordingSink()
    try importer.importRuns(from: input, limits: ImportLimits(), to: &sink)
    try expectGolden(sink.text, "\(name).txt")
  }

  /// Equal bytes give equal calls, mapped or not, compressed or not.
  @Test(
    arguments: ["sarif", "junit"].flatMap { folder in fixtureNames(folder).map { "\(folder)/\($0)" }
    }
  )
  func `gives the same from memory and from gzip`(_ name: String) throws {
    let path = fixtures.appendingPathComponent(name).path
    let data = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    var mapped = RecordingSink()
    let input = try InputBytes(path: path)
    try detectFormat(of: input).importRuns(from: input, limits: ImportLimits(), to: &mapped)
    let plain = try imported(data)
    let compressed = try imported(gzip(data))
    #expect(mapped.text == plain.text)
    #expect(mapped.text == compressed.text)
  }

  /// Every other file is refused with a sentence that names what it looks like, and a hint.
  @Test func `refuses the other formats of real tools by name`() throws {
    var text = ""
    for name in fixtureNames("other") {
      let data = try Data(contentsOf: fixtures.appendingPathComponent("other/\(name)"))
      let refused = try #require(refusal(Array(data), name: name), "\(name) was taken")
      #expect(refused.contains("[import.unknown-format]"))
      text += refused + "\n"
    }
    try expectGolden(text, "other.txt")
  }
}
