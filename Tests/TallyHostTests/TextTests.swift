import Foundation
import Testing

@testable import TallyHost

/// The marker by which a post is found again.
@Suite struct MarkerTests {
  @Test(
    "no id ends the comment or looks like another",
    arguments: [
      "no-eval", "a--b", "a---b", "-->", "--!>", "<!--", "x template=y", "a\nb", "ä", "%2D", "",
      "\"'`", "a-", "--", "~", "\u{202E}",
    ]
  )
  func hostile(_ id: String) throws {
    let line = PostMarker([("campaign", id), ("template", "t.md")]).line
    #expect(line.hasPrefix("<!-- tally:post campaign="))
    #expect(line.hasSuffix(" template=t.md -->"))
    let inside = line.dropFirst(4).dropLast(3)
    #expect(!inside.contains("--"))
    #expect(!inside.contains(">") && !inside.contains("<"))
    #expect(inside.split(separator: " ").count == 3)
    #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
  }

  @Test("two ids have two markers")
  func distinct() {
    let ids = ["a--b", "a-%2Db", "a-b", "a%2Db", "a.b", "A-b", "a b", "a+b"]
    #expect(Set(ids.map { PostMarker([("campaign", $0)]).line }).count == ids.count)
  }

  @Test("only a line of its own counts, and of several the last")
  func places() {
    let marker = PostMarker([("campaign", "a"), ("template", "t.md")])
    let other = PostMarker([("campaign", "b"), ("template", "t.md")])
    #expect(marker.isIn("post\n\n\(marker.line)"))
    #expect(marker.isIn("post\r\n\r\n\(marker.line)  \r\n\r\nadded by hand\r\n"))
    #expect(!marker.isIn("post"))
    #expect(!marker.isIn("> \(marker.line)"))
    #expect(!marker.isIn("see `\(marker.line)`"))
    #expect(!marker.isIn("\(marker.line) and more"))
    #expect(!marker.isIn("\(marker.line)\n\n\(other.line)"))
    #expect(!marker.isIn("post\n\n\(PostMarker([("campaign", "a")]).line)"))
  }
}

/// Posts that are longer than a host takes.
@Suite struct FittedTextTests {
  private let footer = "---\n\nAs of 2026-11-25. Journal: 7 entries, root `9f3c51e07ab2`."

  @Test("what fits is left as it is, to the last character")
  func whole() throws {
    let text = String(repeating: "ü", count: 100)
    let fitted = try #require(FittedText(text, limit: 100))
    #expect(fitted.text == text)
    #expect(fitted.fullLength == nil)
    #expect(FittedText(text, limit: 99) == nil)
  }

  @Test("a cut falls between paragraphs, says so, and keeps the footer", arguments: 300...420)
  func cut(_ limit: Int) throws {
    let paragraphs = (1...40).map { "Paragraph \($0) of this post." }
    let text = paragraphs.joined(separator: "\n\n") + "\n\n" + footer
    let fitted = try #require(FittedText(text, limit: limit))
    #expect(fitted.text.unicodeScalars.count <= limit)
    #expect(fitted.fullLength == text.unicodeScalars.count)
    #expect(fitted.text.hasSuffix("\n\n" + footer))
    #expect(fitted.text.contains("*Shortened: the whole post has \(text.unicodeScalars.count) "))
    let kept = fitted.text.components(separatedBy: "\n\n").prefix { $0.hasPrefix("Paragraph") }
    #expect(Array(kept) == Array(paragraphs.prefix(kept.count)))
    #expect(kept.count >= 1)
  }

  @Test("no code block and no folded part is left open")
  func blocks() throws {
    let start = "Start.\n\n"
    let rows = (1...50).map { "row \($0)\n\n" }.joined()
    for (open, close) in [
      ("```mermaid\n", "```\n"), ("<details>\n", "</details>\n"), ("~~~~\n```\n", "~~~~\n"),
    ] {
      let fitted = try #require(FittedText(start + open + rows + close, limit: 300))
      #expect(fitted.text.hasPrefix("Start.\n\n*Shortened"), "\(open)")
    }
  }
}

/// What GitLab would do with a text beside showing it.
@Suite struct QuickActionTests {
  @Test("no line of a post is a quick action; code stays as it is")
  func quickActions() {
    let place = GitLabNoteable(
      api: "https://gitlab.example/api/v4",
      project: "g/p",
      number: 1,
      isMergeRequest: false,
      projectURL: nil,
      token: "t"
    )
    let marker = PostMarker([("campaign", "a")])
    let body = place.body("A\n/close\n```\n/usr/bin\n```\n/assign @me\n a/b", marker)
    #expect(
      body == "A\n\\/close\n```\n/usr/bin\n```\n\\/assign @me\n a/b\n\n\(marker.line)"
    )
    #expect(place.firstPage.url.hasPrefix("https://gitlab.example/api/v4/projects/g%2Fp/issues/1/"))
  }
}
