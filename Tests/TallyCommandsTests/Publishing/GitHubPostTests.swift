import Foundation
import Testing

/// Comments on GitHub.
///
/// Method: the real program, the real curl, and a server on loopback that speaks the documented API.
@Suite struct GitHubPostTests {
  private func comment(
    _ id: Int,
    _ body: String,
    user: Int = 41,
    type: String = "User"
  ) -> [String: Any] {
    ["id": id, "body": body, "user": ["id": user, "login": "u\(user)", "type": type]]
  }

  @Test(
    "the first post is a comment, the next changes it, and one that says the same sends nothing"
  )
  func kept() throws {
    let shop = try PostingShop()
    let first = try shop.ok("github", "--campaign", "no-eval")
    #expect(
      first == "created comment 1001 on example/shop#7 (\(shop.server.address.dropFirst(7))): "
        + "https://github.example/example/shop/issues/7#issuecomment-1001\n"
    )
    let post = try shop.sandbox.ok("report")
    #expect(try shop.server.comments() == [post + "\n" + PostingShop.marker()])

    #expect(try shop.ok("github").hasPrefix("comment 1001 on example/shop#7"))
    #expect(try shop.server.calls().last == "GET user")

    shop.sandbox.now = "2026-03-09T12:00:00Z"
    #expect(try shop.ok("github").hasPrefix("updated comment 1001 on example/shop#7"))
    #expect(try shop.server.comments().count == 1)
    #expect(try shop.server.comments()[0].contains("As of 2026-03-09"))
    #expect(
      try shop.server.calls() == [
        "GET comments", "POST comments", "GET comments", "GET user", "GET comments", "GET user",
        "PATCH 1001",
      ]
    )
    let request = try #require(try shop.server.requests().first)
    #expect(request.headers["authorization"] == "Bearer ada-s3cr3t")
    #expect(request.headers["accept"] == "application/vnd.github+json")
    #expect(request.headers["x-github-api-version"] == "2022-11-28")
    #expect(request.headers["user-agent"]?.hasPrefix("tally/") == true)
  }

  @Test("each template and each campaign has a comment of its own; another issue, too")
  func several() throws {
    let shop = try PostingShop()
    try shop.ok("github")
    try shop.ok("github", "--template", "weekly")
    try shop.ok("github", "--template", "weekly", "--issue", "#12")
    try shop.ok("github", "--template", "weekly", "--pull-request", "12")
    #expect(try shop.server.comments().count == 2)
    #expect(try shop.server.comments("example/shop#12").count == 1)
    try shop.ok("github", "--template", "weekly", "--all")
    #expect(try shop.server.comments()[2].hasSuffix("campaign=%2A template=weekly.md -->"))
    try shop.sandbox.edit("tally.yml", "issue: 7", "issue: NET-7")
    #expect(try shop.post("github").errors.contains("the issue 'NET-7' of the campaign 'no-eval'"))
    try shop.sandbox.edit("tally.yml", "issue: NET-7", "summary: Later")
    #expect(try shop.post("github").errors.contains("[post.no-issue]"))
    try shop.ok("github", "--issue", "7")
    #expect(try shop.server.comments().count == 3)
  }

  @Test("the comment is found on the third page, and not in what others wrote or quoted")
  func pages() throws {
    let marker = PostingShop.marker()
    var comments = (1...250).map { comment($0, "hello \($0)", user: 50) }
    comments[120] = comment(121, "mine now\n\n\(marker)", user: 50)
    comments[130] = comment(131, "> old\n>\n> \(marker)\n\nagreed")
    comments[140] = comment(141, "see `\(marker)`")
    comments[150] = ["id": 151, "body": NSNull(), "user": NSNull()]
    comments[230] = comment(231, "old\r\n\r\n\(marker)\r\n")
    let shop = try PostingShop(comments: ["example/shop#7": comments])
    #expect(try shop.ok("github").hasPrefix("updated comment 231 "))
    #expect(
      try shop.server.calls() == [
        "GET comments", "GET comments", "GET comments", "GET user", "PATCH 231",
      ]
    )
    #expect(try shop.server.comments()[120].hasPrefix("mine now"))
  }

  @Test("of two with the marker the newest is kept, and the other is named")
  func twice() throws {
    let marker = PostingShop.marker()
    let shop = try PostingShop(
      comments: [
        "example/shop#7": [
          comment(9, "a\n\n\(marker)"), comment(10, "b\n\n\(marker)"),
          comment(11, "c\n\n\(marker)", user: 50),
        ]
      ]
    )
    let outcome = try shop.post("github")
    #expect(outcome.output.hasPrefix("updated comment 10 "))
    #expect(
      outcome.errors
        == "warning: an older comment with the same marker is left as it is, 9: delete it by hand\n"
    )
  }

  @Test("a project whose name would end the marker is found again all the same")
  func hostileNames() throws {
    let shop = try PostingShop()
    try shop.sandbox.edit("tally.yml", "project: shop", "project: 'a --> <!-- b template=c'")
    try shop.ok("github", "--template", "weekly")
    #expect(
      try shop.server.comments()[0].hasSuffix(
        "\n\n<!-- tally:post project=a%20-%2D%3E%20%3C%21-%2D%20b%20template%3Dc campaign=no-eval "
          + "template=weekly.md -->"
      )
    )
    #expect(try shop.ok("github", "--template", "weekly").contains("says this already"))
  }

  @Test("a workflow's token, which may not ask who it is, changes comments of programs only")
  func workflow() throws {
    let marker = PostingShop.marker()
    let shop = try PostingShop(
      comments: ["example/shop#7": [comment(5, "by hand\n\n\(marker)", user: 50)]],
      token: HostServer.Token.workflow
    )
    #expect(try shop.ok("github").hasPrefix("created comment 1001 "))
    shop.sandbox.now = "2026-03-09T12:00:00Z"
    #expect(try shop.ok("github").hasPrefix("updated comment 1001 "))
    #expect(try shop.server.comments()[0].hasPrefix("by hand"))
  }

  @Test("--append weekly adds one comment a week, --append one each time")
  func append() throws {
    let shop = try PostingShop()
    try shop.ok("github", "--append", "weekly")
    shop.sandbox.now = "2026-03-07T12:00:00Z"
    #expect(try shop.ok("github", "--append", "weekly").hasPrefix("updated comment 1001 "))
    shop.sandbox.now = "2026-03-09T12:00:00Z"
    #expect(try shop.ok("github", "--append", "weekly").hasPrefix("created comment 1002 "))
    #expect(
      try shop.server.comments().map { String($0.suffix(18)) } == [
        " week=2026-W10 -->", " week=2026-W11 -->",
      ]
    )
    try shop.ok("github", "--append")
    shop.sandbox.now = "2026-03-09T12:00:01Z"
    try shop.ok("github", "--append")
    #expect(try shop.server.comments().count == 4)
    #expect(try shop.ok("github").hasPrefix("created comment 1005 "))
  }

  @Test("a dry run reads, says what would be done, prints the post, and writes nothing")
  func dryRun() throws {
    let shop = try PostingShop()
    let ledger = shop.sandbox.bytes()
    let post = try shop.sandbox.ok("report")
    let place = "example/shop#7 (\(shop.server.address.dropFirst(7)))"
    #expect(
      try shop.ok("github", "--dry-run")
        == "would create a comment on \(place); nothing was sent\n\n\(post)"
    )
    try shop.ok("github")
    #expect(try shop.ok("github", "--dry-run").contains(" says this already; nothing was sent"))
    shop.sandbox.now = "2026-03-09T12:00:00Z"
    #expect(try shop.ok("github", "--dry-run").hasPrefix("would update comment 1001 on \(place)"))
    #expect(try shop.server.calls().filter { !$0.hasPrefix("GET") } == ["POST comments"])
    #expect(shop.sandbox.bytes() == ledger)

    shop.sandbox.environment["GITHUB_TOKEN"] = ""
    #expect(
      try shop.ok("github", "--dry-run").hasPrefix(
        "would create or update a comment on \(place), which was not asked: GITHUB_TOKEN is not set; "
      )
    )
    shop.sandbox.environment["GITHUB_TOKEN"] = HostServer.Token.ada
    shop.sandbox.environment["GITHUB_API_URL"] = "http://127.0.0.1:1"
    let offline = try shop.ok("github", "--dry-run")
    #expect(
      offline.contains(", which was not asked: 127.0.0.1:1 cannot be reached: "),
      "\(offline)"
    )
    #expect(try shop.post("github", "--dry-run", "--record").status == 64)
  }

  @Test("--record notes the post once it was made, and never one that was not")
  func record() throws {
    let shop = try PostingShop()
    let before = shop.sandbox.bytes()
    try shop.server.fail(["on": "POST comments", "status": 422, "body": "{\"message\":\"No\"}"])
    #expect(try shop.post("github", "--record").status == 2)
    #expect(shop.sandbox.bytes() == before)
    let posted = try shop.ok("github", "--record")
    #expect(posted.contains("\nrecorded status-update.md for no-eval as of 2026-03-0"), "\(posted)")
    let after = shop.sandbox.bytes()
    #expect(after != before)
    let change = ["--template", "pull-request", "--pull-request", "12", "--record"]
    let nothing = try shop.sandbox.run(["post", "github"] + change)
    #expect(nothing.errors.contains("[report.nothing-to-record]"))
    #expect(try shop.server.comments("example/shop#12").isEmpty)
    #expect(try shop.ok("github", "--record").hasPrefix("updated comment 1001 "))
  }

  @Test("what a branch changes goes to the pull request of the job")
  func change() throws {
    let shop = try PostingShop()
    let sandbox = shop.sandbox
    try sandbox.git("checkout", "-q", "-b", "feature")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    try sandbox.scan(Linter(), "--branch", "feature")
    let here = ["post", "github", "--template", "pull-request", "--base", "main"]
    let alone = try sandbox.run(here)
    #expect(alone.errors.contains("this job belongs to none [post.no-pull-request]"))
    #expect(alone.errors.contains("hint: say --pull-request NUMBER"))
    sandbox.environment.merge([
      "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request",
      "GITHUB_REF": "refs/pull/12/merge", "GITHUB_HEAD_REF": "feature", "GITHUB_BASE_REF": "main",
      "GITHUB_SHA": String(repeating: "a", count: 40),
    ]) { $1 }
    #expect(
      try shop.ok("github", "--template", "pull-request").hasPrefix(
        "created comment 1001 on example/shop#12 "
      )
    )
    let comment = try shop.server.comments("example/shop#12")[0]
    #expect(comment.hasSuffix("<!-- tally:post project=shop template=pull-request.md -->"))
    sandbox.environment["GITHUB_ACTIONS"] = ""
    sandbox.environment.merge([
      "GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "12", "CI_PROJECT_ID": "example/shop",
      "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feature",
      "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    ]) { $1 }
    #expect(
      try shop.ok("gitlab", "--template", "pull-request").hasPrefix(
        "created comment 1002 on example/shop!12 "
      )
    )
  }

  @Test(
    "the repository comes from the remote where it is GitHub's own, and the token goes nowhere else"
  )
  func remotes() throws {
    let shop = try PostingShop()
    let sandbox = shop.sandbox
    sandbox.environment["GITHUB_REPOSITORY"] = ""
    try sandbox.git("remote", "add", "origin", "git@github.com:example/shop.git")
    try shop.ok("github")
    #expect(try shop.server.comments().count == 1)
    sandbox.environment["GITHUB_API_URL"] = ""
    sandbox.environment["GITHUB_TOKEN"] = ""
    #expect(
      try shop.ok("github", "--dry-run").hasPrefix(
        "would create or update a comment on example/shop#7 (api.github.com), which was not asked: "
      )
    )
    sandbox.environment["GITHUB_TOKEN"] = HostServer.Token.ada
    try sandbox.git("remote", "set-url", "origin", "https://github.com.evil.example/example/shop")
    for arguments in [["post", "github"], ["post", "github", "--dry-run"]] {
      let outcome = try sandbox.run(arguments)
      #expect(outcome.errors.contains("[post.unknown-host]"), "\(outcome.errors)")
      #expect(
        outcome.errors.contains(
          "GITHUB_API_URL to the address of its API: https://github.com.evil.example/api/v3"
        )
      )
    }
  }

  @Test("the answer as JSON")
  func json() throws {
    let shop = try PostingShop()
    let outcome = try shop.post("github", "--output", "json")
    let answer = try outcome.json()
    #expect(answer["action"] as? String == "created")
    #expect(answer["comment"] as? String == "1001")
    #expect(answer["place"] as? String == "example/shop#7")
    #expect(answer["campaigns"] as? [String] == ["no-eval"])
    #expect(answer["isDryRun"] as? Bool == false)
    #expect(answer["body"] == nil)
  }
}
