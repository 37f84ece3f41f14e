import Foundation
import Testing

/// The man pages, made from the program by `tools/man-pages`.
@Suite struct ManPageTests {
  /// Makes the pages of a program into `man/` of a sandbox.
  static func pages(_ sandbox: Sandbox, of program: String = Sandbox.path) throws -> [String:
    String]
  {
    let outcome = try sandbox.shell(
      "SOURCE_DATE_EPOCH=1772323200 '\(Tools.path("man-pages"))' '\(program)' man"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    let folder = sandbox.folder.appendingPathComponent("man")
    var result: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      result[name] = try String(
        contentsOf: folder.appendingPathComponent(name),
        encoding: .utf8
      )
    }
    return result
  }

  @Test("every command has a page that holds all that its help says")
  func complete() throws {
    let sandbox = try Sandbox(git: false)
    try Tools.need("python3", "mandoc", in: sandbox)
    let pages = try Self.pages(sandbox)
    let dump = try sandbox.ok("--experimental-dump-help")
    let help = try JSONDecoder().decode(HelpDump.self, from: Data(dump.utf8))
    var expected: Set<String> = []
    func visit(_ command: HelpDump.Command, _ name: String) throws {
      expected.insert("\(name).1")
      let rendered = try sandbox.shell("mandoc -Tutf8 -O width=200 'man/\(name).1' | col -bx")
      let text = rendered.output.replacing(#/\s+/#, with: " ")
      for argument in command.arguments ?? [] where argument.shouldDisplay {
        for option in argument.names ?? [] {
          let dashes = option.kind == "short" ? "-" : "--"
          #expect(text.contains(dashes + option.name), "\(name) \(option.name)")
        }
        for part in [argument.abstract, argument.discussion, argument.defaultValue] {
          guard let part else { continue }
          #expect(text.contains(part.replacing(#/\s+/#, with: " ")), "\(name): \(part)")
        }
      }
      for child in command.subcommands ?? []
      where child.commandName != "help" && child.shouldDisplay != false {
        try visit(child, "\(name)-\(child.commandName)")
      }
    }
    try visit(help.command, "tally")
    #expect(Set(pages.keys) == expected)
    #expect(expected.count > 10)
    let lint = try sandbox.shell("mandoc -Tlint -W warning man/*.1")
    #expect(lint.status == 0 && lint.output.isEmpty, "\(lint.output)")
    #expect(pages["tally-ingest.1"]?.hasPrefix(".Dd March 1, 2026\n.Dt TALLY\\-INGEST 1\n") == true)
    for number in ["0", "1", "2", "64"] {
      #expect(pages["tally.1"]?.contains("\n.It \(number)\n") == true, "exit status \(number)")
    }
    #expect(try Self.pages(sandbox) == pages, "the same program gives the same pages")
  }

  @Test("what a help says is never taken for a command to the formatter")
  func hostile() throws {
    let sandbox = try Sandbox(git: false)
    try Tools.need("python3", "mandoc", in: sandbox)
    let nasty = ".so /etc/passwd. 'br x. \\fBbold\\fP \"quoted\" a-b -- \\(bu Ar Fl `x` \\*(lq"
    let argument: [String: Any] = [
      "kind": "option", "abstract": nasty, "isOptional": true, "isRepeating": false,
      "shouldDisplay": true, "valueName": "Ar|\"x\" .y", "defaultValue": "\\n\"'",
      "names": [["kind": "long", "name": "no-eval"]],
      "preferredName": ["kind": "long", "name": "no-eval"],
    ]
    let child: [String: Any] = [
      "commandName": "it", "abstract": nasty, "discussion": "\(nasty)\n\n.El\n\nExit status: 0 Ar.",
      "arguments": [argument],
    ]
    let dump = try JSONSerialization.data(withJSONObject: [
      "command": ["commandName": "tally", "abstract": "Keep", "subcommands": [child]]
    ])
    try sandbox.write(dump, to: "dump.json")
    try sandbox.write("#!/bin/sh\ncat '\(sandbox.folder.path)/dump.json'\n", to: "fake.txt")
    // Copied by a shell: what this process wrote may still be open in a child of another test, and is busy then.
    _ = try sandbox.shell("cp fake.txt fake && chmod +x fake")
    let pages = try Self.pages(sandbox, of: "\(sandbox.folder.path)/fake")
    #expect(pages.keys.sorted() == ["tally-it.1", "tally.1"])
    let lint = try sandbox.shell("mandoc -Tlint -W warning man/*.1")
    #expect(lint.output.isEmpty, "\(lint.output)")
    let rendered = try sandbox.shell("mandoc -Tascii -O width=300 man/tally-it.1 | col -bx")
    #expect(rendered.output.contains(nasty), "\(rendered.output)")
    #expect(rendered.output.contains("--no-eval Ar|\"x\" .y"), "\(rendered.output)")
    #expect(!rendered.output.contains("root:"))
  }
}
