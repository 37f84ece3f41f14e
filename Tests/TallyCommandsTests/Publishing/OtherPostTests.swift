import Foundation
import Testing

/// Notes on GitLab.
///
/// Method: as ``GitHubPostTests``, with GitLab's paging, forms of errors and quick actions.
@Suite struct GitLabPostTests {
  @Test("a note is kept on the issue, and on the merge request of the pipeline")
  func kept() throws {
    let shop = try PostingShop()
    shop.sandbox.environment["CI_PROJECT_URL"] = "https://gitlab.example/example/shop"
    let first = try shop.ok("gitlab")
    let host = shop.server.address.dropFirst(7)
    #expect(
      first == "created comment 1001 on 55#7 (\(host)): "
        + "https://gitlab.example/example/shop/-/issues/7#note_1001\n"
    )
    shop.sandbox.now = "2026-03-09T12:00:00Z"
    #expect(try shop.ok("gitlab").hasPrefix("updated comment 1001 "))
    #expect(try shop.ok("gitlab").hasPrefix("comment 1001 on 55#7 (\(host)) says this already"))
    #expect(try shop.server.comments("55#7").count == 1)
    let named = try shop.ok("gitlab", "--project", "example/shop", "--merge-request", "!12")
    #expect(named == "created comment 1002 on example/shop!12 (\(host))\n")
    #expect(try shop.server.comments("example/shop!12").count == 1)
    let request = try #require(try shop.server.requests().first)
    #expect(request.headers["authorization"] == "Bearer ada-s3cr3t")
    #expect(request.headers["private-token"] == nil)
  }

  @Test("the note is found on a later page, and system notes are none")
  func pages() throws {
    let marker = PostingShop.marker()
    var notes: [[String: Any]] = (1...130).map {
      ["id": $0, "body": "note \($0)", "author": ["id": 50], "system": false]
    }
    notes[60] = ["id": 61, "body": marker, "author": ["id": 41], "system": true]
    notes[120] = ["id": 121, "body": "old\n\n\(marker)", "author": ["id": 41], "system": false]
    let shop = try PostingShop(comments: ["55#7": notes])
    #expect(try shop.ok("gitlab").hasPrefix("updated comment 121 "))
  }

  @Test("no line of a post closes the issue")
  func quickActions() throws {
    let shop = try PostingShop()
    try shop.sandbox.write("Now:\n/close\n", to: "posts/act.md")
    try shop.sandbox.writeConfiguration("templates: posts")
    try shop.ok("gitlab", "--template", "act")
    #expect(try !shop.server.isClosed())
    #expect(try shop.server.comments("55#7")[0].hasPrefix("Now:\n\\/close\n\n<!--"))
    #expect(try shop.ok("gitlab", "--template", "act").contains("says this already"))
  }

  @Test("what a token lacks is said, and that a job's own token is none")
  func refusals() throws {
    let shop = try PostingShop(token: HostServer.Token.readOnly)
    let forbidden = try shop.post("gitlab")
    #expect(
      forbidden.errors.contains(
        "does not let this token comment on 55#7: insufficient_scope [host.forbidden]"
      ),
      "\(forbidden.errors)"
    )
    #expect(forbidden.errors.contains("hint: put a project access token with the scope 'api'"))
    shop.sandbox.environment["GITLAB_TOKEN"] = ""
    shop.sandbox.environment["CI_JOB_TOKEN"] = "job-s3cr3t"
    let job = try shop.post("gitlab")
    #expect(job.errors.contains("GITLAB_TOKEN is not set [post.no-token]"))
    #expect(job.errors.contains("CI_JOB_TOKEN may not comment"))
    shop.sandbox.environment["GITLAB_TOKEN"] = "wrong-s3cr3t"
    #expect(try shop.post("gitlab").errors.contains("[host.unauthorized]"))
    shop.sandbox.environment["GITLAB_TOKEN"] = HostServer.Token.ada
    #expect(try shop.post("gitlab", "--issue", "8").errors.contains("[host.not-found]"))
  }

  @Test("a note whose answer is lost is not there twice")
  func lost() throws {
    let shop = try PostingShop()
    try shop.server.fail(["on": "POST notes", "lost": "yes"])
    #expect(try shop.ok("gitlab").hasPrefix("created comment 1001 "))
    #expect(try shop.server.comments("55#7").count == 1)
  }
}

/// Messages in Slack, by an app and through an incoming webhook.
@Suite struct SlackPostTests {
  @Test("an app's message is kept: found by its metadata, behind hundreds of others")
  func app() throws {
    let shop = try PostingShop()
    shop.sandbox.environment["SLACK_BOT_TOKEN"] = HostServer.Token.ada
    #expect(try shop.post("slack").errors.contains("[post.no-channel]"))
    shop.sandbox.environment["SLACK_CHANNEL"] = "C024BE91L"
    let host = shop.server.address.dropFirst(7)
    let first = try shop.ok("slack")
    #expect(first == "created comment 1001.000100 on C024BE91L (\(host))\n")
    let message = try shop.server.messages()[0]
    let post = try shop.sandbox.ok("report", "slack")
    #expect(message["text"] as? String == post.trimmingCharacters(in: .newlines))
    let metadata = message["metadata"] as? [String: Any]
    #expect(metadata?["event_type"] as? String == "tally_post")
    let payload = metadata?["event_payload"] as? [String: String]
    #expect(payload == ["marker": PostingShop.marker("slack.txt")])
    #expect(try shop.ok("slack").contains("says this already"))
    shop.sandbox.now = "2026-03-09T12:00:00Z"
    #expect(try shop.ok("slack").hasPrefix("updated comment 1001.000100 "))
    #expect(try shop.ok("slack", "--append").hasPrefix("created comment 1002.000100 "))
    #expect(try shop.server.messages().count == 2)
  }

  @Test("another's message with the same metadata is left alone, and pages are turned")
  func pages() throws {
    let metadata: [String: Any] = [
      "event_type": "tally_post",
      "event_payload": ["marker": PostingShop.marker("slack.txt")],
    ]
    var messages: [[String: Any]] = (1...450).map {
      ["ts": "\($0).0001", "user": "U50", "text": "hello"]
    }
    messages[10] = ["ts": "11.0001", "bot_id": "BU41", "text": "old", "metadata": metadata]
    messages[440] = ["ts": "441.0001", "user": "U50", "text": "theirs", "metadata": metadata]
    let shop = try PostingShop(messages: messages)
    shop.sandbox.environment["SLACK_BOT_TOKEN"] = HostServer.Token.ada
    #expect(try shop.ok("slack", "--channel", "C024BE91L").hasPrefix("updated comment 11.0001 "))
  }

  @Test("an incoming webhook only adds messages, and its address is a secret")
  func webhook() throws {
    let shop = try PostingShop()
    #expect(try shop.post("slack").errors.contains("SLACK_WEBHOOK_URL is not set [post.no-token]"))
    shop.sandbox.environment["SLACK_WEBHOOK_URL"] = "\(shop.server.address)/services/T0/B0/s3cr3t"
    #expect(try shop.ok("slack", "--dry-run").hasPrefix("would send it to 127.0.0.1:"))
    #expect(try shop.ok("slack") == "sent it to \(shop.server.address.dropFirst(7))\n")
    try shop.ok("slack", "--append")
    #expect(try shop.server.messages().count == 2)
    #expect(try shop.post("slack", "--append", "weekly").errors.contains("[post.cannot-update]"))
    #expect(try shop.post("slack", "--template", "weekly").errors.contains("[post.wrong-kind]"))
    shop.sandbox.environment["SLACK_WEBHOOK_URL"] = "\(shop.server.address)/services/T0/B0/s3cr3ts"
    let gone = try shop.post("slack")
    #expect(gone.errors.contains("has no such webhook, or hides it"), "\(gone.errors)")
  }

  @Test("a message through a webhook whose answer is lost is not repeated")
  func lost() throws {
    let shop = try PostingShop()
    shop.sandbox.environment["SLACK_WEBHOOK_URL"] = "\(shop.server.address)/services/T0/B0/s3cr3t"
    try shop.server.fail(["on": "POST services", "lost": "yes"])
    let outcome = try shop.post("slack", "--record")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("it may have been posted or not"))
    #expect(outcome.errors.contains("[host.uncertain]"))
    #expect(try shop.server.messages().count == 1)
    try shop.server.fail(["on": "POST services", "status": 429, "headers": ["Retry-After": "0"]])
    try shop.ok("slack")
    #expect(try shop.server.messages().count == 2)
  }

  @Test("what Slack refuses with status 200 is an error")
  func refusals() throws {
    let shop = try PostingShop()
    func errors(_ token: String, _ channel: String) throws -> String {
      shop.sandbox.environment["SLACK_BOT_TOKEN"] = token
      let outcome = try shop.post("slack", "--channel", channel)
      #expect(outcome.status == 2)
      return outcome.errors
    }
    #expect(try errors("wrong-s3cr3t", "C024BE91L").contains("[host.unauthorized]"))
    let scope = try errors(HostServer.Token.readOnly, "C024BE91L")
    #expect(scope.contains("it needs the scope channels:history [host.forbidden]"), "\(scope)")
    #expect(try errors(HostServer.Token.ada, "C0").contains("has no channel 'C0'"))
  }
}

/// Documents to any address.
@Suite struct WebhookPostTests {
  @Test("the post and its data arrive once, with a signature that holds")
  func signed() throws {
    let shop = try PostingShop()
    shop.sandbox.environment["TALLY_WEBHOOK_URL"] = "\(shop.server.address)/hook/s3cr3t"
    shop.sandbox.environment["TALLY_WEBHOOK_SECRET"] = "hush-s3cr3t"
    try shop.server.fail(
      ["on": "POST hook", "lost": "yes"],
      ["on": "POST hook", "after": 503]
    )
    let outcome = try shop.post("webhook", "--record")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("sent it to 127.0.0.1:"))
    #expect(outcome.output.contains("\nrecorded status-update.md for no-eval"))
    let hooks = try shop.server.hooks()
    #expect(hooks.count == 1)
    #expect(try shop.server.calls() == ["POST s3cr3t", "POST s3cr3t", "POST s3cr3t"])
    #expect(hooks[0]["right"] as? Bool == true)
    let document = hooks[0]["document"] as? [String: Any]
    #expect(document?["version"] as? Int == 1)
    #expect(document?["campaigns"] as? [String] == ["no-eval"])
    #expect((document?["text"] as? String)?.hasPrefix("#") == true)
    let context = document?["context"] as? [String: Any]
    #expect((context?["campaign"] as? [String: Any])?["id"] as? String == "no-eval")
    #expect(document?["html"] == nil)
  }

  @Test("without a secret nothing is signed; a page comes as HTML; a dry run sends nothing")
  func plain() throws {
    let shop = try PostingShop()
    #expect(try shop.post("webhook").errors.contains("TALLY_WEBHOOK_URL is not set"))
    shop.sandbox.environment["TALLY_WEBHOOK_URL"] = "\(shop.server.address)/hook/s3cr3t"
    let dry = try shop.ok("webhook", "--dry-run")
    #expect(dry.hasPrefix("would send it to 127.0.0.1:"))
    #expect(dry.contains("\"campaigns\": ["))
    #expect(try shop.server.requests().isEmpty)
    try shop.ok("webhook", "--template", "status-update.html")
    let hook = try shop.server.hooks()[0]
    #expect(hook["signed"] as? Bool == false)
    let html = (hook["document"] as? [String: Any])?["html"] as? String
    #expect(html?.hasPrefix("<!DOCTYPE html>") == true, "\(html?.prefix(40) ?? "")")
  }

  @Test("an address that sends on, or does not know us, is an error that does not show it")
  func refused() throws {
    let shop = try PostingShop()
    shop.sandbox.environment["TALLY_WEBHOOK_URL"] = "\(shop.server.address)/hook/other-s3cr3t"
    let missing = try shop.post("webhook")
    #expect(missing.errors.contains("has no such webhook"), "\(missing.errors)")
    try shop.server.fail(
      ["on": "POST hook", "status": 302, "headers": ["Location": "https://b.example/s3cr3t"]]
    )
    let moved = try shop.post("webhook")
    #expect(moved.errors.contains("sends elsewhere: to b.example [host.redirected]"))
    try shop.server.fail(
      ["on": "POST hook", "status": 400, "type": "text/plain", "body": "No: /hook/other-s3cr3t"]
    )
    #expect(try shop.post("webhook").errors.contains("turned it down (400): No: ***"))
    shop.sandbox.environment["TALLY_WEBHOOK_URL"] = "example.com/s3cr3t"
    #expect(try shop.post("webhook").errors.contains("[post.bad-address]"))
  }
}
