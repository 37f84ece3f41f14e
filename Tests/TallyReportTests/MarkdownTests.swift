import TallyReport
import Testing

/// The lead's own Markdown as HTML.
///
/// Method: a narrative in a context, derived, as a page has it.
@Suite("Markdown as HTML")
struct MarkdownTests {
  private func html(_ text: String) -> String {
    var context = ReportContext()
    context.narrative.business = text
    context.derive()
    return context.narrative.businessHTML
  }

  @Test("what people write in a post")
  func page() throws {
    let text = """
      # Why
      Two lines
      of **one** paragraph with *stress*, _more_, `code < 1`, ~~gone~~ and a_b_c.

      1. **First?** Because
         it goes on.
      2. Second
         - inner `x`
         - [link](https://example.com/a?b=1&c=2 "title")

      - loose

      - list

      > Said
      > twice

      | A | B | C |
      |---|--:|:-:|
      | 1 | `a\\|b` | x |
      | 2 |

      ```python
      if a < b: print("&")
      ```

      ---

      <details><summary>Raw</summary>kept</details>

      Costs 5 < 6 & 7 > 2 &lt; 8 \\*not stress\\* \\[not a link\\](https://a.example)
      """
    try expectGolden(html(text), "markdown/page.html")
  }

  @Test(
    "links lead to pages and mail only, and escaped data stays data",
    arguments: [
      ("[x](javascript:alert(1))", "<p>x)</p>\n"), ("[x](data:text/html,y)", "<p>x</p>\n"),
      ("[x](JAVASCRIPT:y)", "<p>x</p>\n"),
      ("[x](docs/a.md#b)", "<p><a href=\"docs/a.md#b\">x</a></p>\n"),
      ("[x](mailto:a@b.example)", "<p><a href=\"mailto:a@b.example\">x</a></p>\n"),
      (
        "[x](https://a.example/\"onclick=)",
        "<p><a href=\"https://a.example/&quot;onclick=\">x</a></p>\n"
      ),
      ("\\[x\\](https://a.example)", "<p>[x](https://a.example)</p>\n"),
      ("&lt;script>", "<p>&lt;script&gt;</p>\n"), ("a & b", "<p>a &amp; b</p>\n"),
      ("**open", "<p>**open</p>\n"), ("`open", "<p>`open</p>\n"), ("[open", "<p>[open</p>\n"),
      ("* ", "<ul>\n<li></li>\n</ul>\n"), ("", ""),
      ("\u{1B}[31m \u{202E}x", "<p>⟨U+001B⟩[31m ⟨U+202E⟩x</p>\n"),
    ]
  )
  func marks(_ text: String, _ expected: String) {
    #expect(html(text) == expected)
  }

  @Test("any text ends")
  func anyText() {
    for text in hostileTexts {
      _ = html(text)
      _ = html("- \(text)\n  - \(text)\n> \(text)\n| \(text) |\n|---|\n\(text)")
    }
    _ = html(String(repeating: "> ", count: 200) + "deep")
    _ = html(String(repeating: "*", count: 500) + String(repeating: "[", count: 500))
  }
}
