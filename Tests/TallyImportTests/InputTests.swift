import Foundation
import TallyModel
import Testing

@testable import TallyImport

@Suite struct InputTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return url.path
  }

  private func opening(_ path: String) -> String? {
    do throws(ImportError) {
      _ = try InputBytes(path: path)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func `what cannot be read is said`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(opening(folder.path) == "import.directory")
    #expect(opening(folder.path + "/none") == "import.not-found")
    #expect(opening(try file("f", [])) == "import.empty")
    #expect(opening(folder.path + "/f/below") == "import.not-found")
    #expect(opening("/dev/null") == "import.empty")
    let locked = try file("locked", [1])
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked)
    // The superuser reads everything.
    if opening(locked) != nil { #expect(opening(locked) == "import.unreadable") }
    #expect(opening(String(repeating: "x", count: 5000)) == "import.unreadable")
  }

  /// A pipe, a descriptor that was read from before and a file of /proc cannot be mapped.
  @Test func `what cannot be mapped is read`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipe = Pipe()
    let bytes = Array("some bytes".utf8)
    pipe.fileHandleForWriting.write(Data(bytes))
    try pipe.fileHandleForWriting.close()
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    #expect(try InputBytes(descriptor: descriptor, name: "-").prefix(99) == bytes)
    #expect(try InputBytes(path: "/proc/self/status").count > 100)
    let handle = try #require(FileHandle(forReadingAtPath: try file("a", bytes)))
    _ = try handle.read(upToCount: 5)
    #expect(
      try InputBytes(descriptor: handle.fileDescriptor, name: "a").prefix(99) == Array("bytes".utf8)
    )
  }

  /// A mapped file that is cut gives a sentence, and never SIGBUS.
  @Test func `a file that shrinks or changes is noticed`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try file("shrinks.sarif", [UInt8](repeating: 0x20, count: 300_000))
    let input = try InputBytes(path: path)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 10)
    #expect(throws: ImportError.changed(source: path)) {
      _ = try input.withUnsafeBytes { (bytes) throws(ImportError) in
        bytes.reduce(0) { $0 + Int($1) }
      }
    }
    // An error that comes of reading what is no longer there is not what is wrong.
    var sink = CountingSink()
    #expect(throws: ImportError.changed(source: path)) {
      try SARIFImporter().importRuns(from: input, limits: ImportLimits(), to: &sink)
    }
    let other = try file("grows.sarif", Array(#"{"version": "2.1.0", "runs": []}"#.utf8))
    let grown = try InputBytes(path: other)
    let end = try #require(FileHandle(forWritingAtPath: other))
    try end.seekToEnd()
    try end.write(contentsOf: Data([0x20]))
    #expect(throws: ImportError.changed(source: other)) {
      try SARIFImporter().importRuns(from: grown, limits: ImportLimits(), to: &sink)
    }
  }

  @Test func `gzip members are joined and checked`() throws {
    let one = gzip(Array(#"{"version": "2.1.0","#.utf8))
    let two = gzip(Array(#" "runs": []}"#.utf8))
    #expect(refusal(one + two) == nil)
    #expect(refusal(one + two + [0, 0, 0, 0]) == nil)
    let cases: [(String, [UInt8], String)] = [
      ("cut", Array((one + two).dropLast(3)), "ends before its data does"),
      ("cut in the header", Array(one.prefix(5)), "ends before its data does"),
      ("second member cut", one + Array(two.prefix(6)), "ends before its data does"),
      ("trailing garbage", one + two + Array("tail".utf8), "something follows its end, at byte"),
      ("crc", flipped(one, fromEnd: 8), "incorrect data check"),
      ("length", flipped(one, fromEnd: 4), "incorrect length check"),
      ("data", flipped(one, fromEnd: 12), "incorrect data check"),
      ("method", [0x1F, 0x8B, 7] + one.dropFirst(3), "unknown compression method"),
    ]
    for (name, bytes, reason) in cases {
      let refused = try #require(refusal(bytes), "\(name)")
      #expect(
        refused.contains(reason) && refused.contains("[import.compression]"),
        "\(name): \(refused)"
      )
    }
    #expect(refusal(gzip([]))?.contains("[import.empty]") == true)
    let bomb = gzip([UInt8](repeating: 0x20, count: 100_000))
    #expect(
      refusal(bomb, limits: ImportLimits(bytesMax: 200_000))?.contains("import.empty") == true
    )
    let many = (0..<5).flatMap { _ in bomb }
    let refused = try #require(refusal(many, limits: ImportLimits(bytesMax: 600_000)))
    #expect(refused.contains("import.empty"))
  }

  @Test func `a compressed file may not grow beyond the limit`() throws {
    let deflated = gzip([UInt8](repeating: 0x20, count: 2000))
    // Stored blocks do not shrink, so the limit is set between the two sizes by joining members.
    let input = Array(deflated.prefix(deflated.count))
    #expect(throws: ImportError.self) {
      _ = try InputBytes(bytes: input, name: "x", limits: ImportLimits(bytesMax: 1999))
    }
  }

  private func flipped(_ bytes: [UInt8], fromEnd place: Int) -> [UInt8] {
    var copy = bytes
    copy[copy.count - place] ^= 1
    return copy
  }

  @Test func `formats are told apart by content`() throws {
    for (text, name, expected) in [
      (#"{"$schema": "https://json.schemastore.org/sarif-2.1.0.json"}"#, "x", "sarif"),
      (#"{"runs": []}"#, "x", "sarif"), (#" {"a": 1}"#, "x.sarif", "sarif"),
      ("<testsuites/>", "x", "junit"),
      ("<?xml version='1.0'?>\n<!-- c -->\n<testsuite >", "x", "junit"),
      ("\u{FEFF}<testsuites>", "x", "junit"),
    ] {
      let input = try InputBytes(bytes: Array(text.utf8), name: name)
      #expect(try detectFormat(of: input).formatName == expected, "\(text)")
    }
    for (text, looks) in [
      (#"{"a": 1}"#, "JSON that is not SARIF"), ("PK\u{3}\u{4}aaaa", "a zip archive"),
      ("<html><body>", "an HTML page"), ("<pmd version='7'>", "PMD's own XML"),
      ("a,b,c\n1,2,3", "CSV"), ("---\na: 1", "YAML"), ("hello", "plain text"),
      ("a\u{0}b", "binary data"),
      ("<unknown/>", "XML that starts with <unknown>"),
      ("SQLite format 3\u{0}", "an SQLite database"),
    ] {
      let refused = try #require(refusal(Array(text.utf8)))
      #expect(refused.contains("it looks like \(looks) ["), "\(refused)")
    }
    #expect(importer(named: "junit")?.formatName == "junit")
    #expect(importer(named: "csv") == nil)
  }
}
