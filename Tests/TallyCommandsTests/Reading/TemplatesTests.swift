import Foundation
import Testing

/// Listing, exporting, changing and checking templates.
@Suite struct TemplatesTests {
  @Test("an exported template counts once tally.yml names its folder")
  func export() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let post = try sandbox.ok("report", "weekly")
    let answer = try sandbox.ok("templates", "export", "weekly", "--with-partials")
    #expect(
      answer == """
        wrote tally/templates/weekly.md
        wrote tally/templates/partials/footer.md
        wrote tally/templates/partials/since.md
        wrote tally/templates/partials/week.md
        to use it, say 'templates: tally/templates' in tally.yml

        """
    )
    let more = "templates: tally/templates\n"
    try sandbox.write(try sandbox.read("tally.yml") + more, to: "tally.yml")
    let own = try sandbox.ok("report", "weekly")
    #expect(own.components(separatedBy: "\n---\n")[0] == post.components(separatedBy: "\n---\n")[0])
    try sandbox.edit("tally/templates/weekly.md", "week of", "the week that ends on")
    #expect(try sandbox.ok("report", "weekly").contains("the week that ends on 2026-03-03"))
    let list = try sandbox.json("templates", "list")["templates"] as? [[String: Any]] ?? []
    let weekly = list.first { $0["name"] as? String == "weekly.md" }
    #expect(weekly?["origin"] as? String == "own")
    #expect(weekly?["replaces"] as? Bool == true)
    #expect(weekly?["file"] as? String == "tally/templates/weekly.md")
    #expect(try sandbox.ok("templates", "show", "weekly").contains("the week that ends on"))
    let again = try sandbox.tally("templates", "export", "weekly")
    #expect(again.status == 2)
    #expect(again.errors.contains("[start.exists]"))
    try sandbox.ok("templates", "export", "weekly", "--force")
    #expect(try sandbox.read("tally/templates/weekly.md").contains("the week that ends on"))
  }

  @Test("every template can be shown and checked, without ledger and repository")
  func bare() throws {
    let sandbox = try Sandbox(git: false)
    let list = try sandbox.json("templates", "list")["templates"] as? [[String: Any]] ?? []
    #expect(list.count > 15)
    for template in list where template["kind"] as? String != "data" {
      let name = try #require(template["name"] as? String)
      #expect(template["about"] as? String != nil, "\(name)")
      #expect(try !sandbox.ok("templates", "show", name).isEmpty)
    }
    let reports = list.filter { $0["kind"] as? String == "report" }
      .compactMap { $0["name"] as? String }
    let check = try sandbox.run(["templates", "check"] + reports)
    #expect(check.output == "\(reports.count) templates checked, nothing wrong\n")
    #expect(
      try sandbox.ok("templates", "check")
        == "nothing to check: tally.yml names no templates and no narrative\n"
    )
    try sandbox.ok("templates", "export", "slack", "--to", "posts")
    #expect(try sandbox.read("posts/slack.txt") == (try sandbox.ok("templates", "show", "slack")))
  }

  @Test("check says every mistake with its place and the nearest name")
  func check() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration("    narrative: {business: why.md}\ntemplates: posts")
    try sandbox.write("Fine: {{campaign.open}}\nNot: {{campaign.opne}}\n", to: "why.md")
    try sandbox.write("{{> foter}}\n{{#warnings}}\n", to: "posts/a.md")
    try sandbox.write("{{> loop}}\n", to: "posts/b.html")
    try sandbox.write("<p>{{> loop}}</p>\n", to: "posts/partials/loop.html")
    try sandbox.write("{{change.summry}}\n", to: "posts/c.slack.txt")
    let outcome = try sandbox.tally("templates", "check")
    #expect(outcome.status == 1)
    #expect(
      outcome.output == """
        posts/a.md:1:1: there is no partial 'foter' for .md templates; did you mean 'footer'?
        posts/a.md:2:1: section 'warnings' is never closed
        posts/c.slack.txt:1:1: 'change' has no 'summry'; did you mean 'change.summary'?
        posts/partials/loop.html:1:4: partials include each other: b.html > partials/loop.html > partials/loop.html
        why.md:2:6: 'campaign' has no 'opne'; did you mean 'campaign.open'?
        4 templates checked, 5 problems

        """
    )
    let problems = try sandbox.run(["templates", "check", "--output", "json"]).json()["problems"]
    let kinds = (problems as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
    #expect(
      kinds == ["unknown-partial", "syntax", "unknown-name", "cycle", "unknown-name"]
    )
  }
}
