import Foundation
import Testing

/// What a network and a host do to a post: nothing is posted twice, and whoever gets an error knows what to do.
@Suite struct PostTroubleTests {
  @Test("a host that asks for a pause gets one; one that fails is asked again")
  func retries() throws {
    let shop = try PostingShop()
    try shop.server.fail(
      ["on": "GET comments", "status": 429, "headers": ["Retry-After": "1"]],
      ["on": "GET comments", "status": 500, "type": "text/html", "body": "<html>Oops</html>"],
      [
        "on": "POST comments", "status": 403, "headers": ["Retry-After": "1"],
        "body": #"{"message":"You have exceeded a secondary rate limit."}"#,
      ]
    )
    let outcome = try shop.post("github")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let host = shop.server.address.dropFirst(7)
    #expect(
      outcome.errors == """
        \(host) asks for a pause (429): trying again in 1 s (2 of 5)
        \(host) answered 500: trying again in 2 s (3 of 5)
        \(host) asks for a pause (403): trying again in 1 s (2 of 5)

        """
    )
    #expect(try shop.server.comments().count == 1)
    #expect(try shop.server.faultsLeft() == 0)
  }

  @Test(
    "a comment whose answer is lost is looked for before another is sent",
    arguments: [
      ["on": "POST comments", "lost": "yes"], ["on": "POST comments", "after": 502],
      ["on": "POST comments", "lost": "before"], ["on": "POST comments", "status": 503],
    ] as [[String: any Sendable]]
  )
  func lost(_ fault: [String: any Sendable]) throws {
    let shop = try PostingShop()
    try shop.server.fail(fault)
    let outcome = try shop.post("github")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("created comment 1001 "))
    #expect(outcome.errors.contains("did not say whether it was posted"))
    #expect(try shop.server.comments().count == 1)
    let again = try shop.ok("github", "--append")
    #expect(again.hasPrefix("created"))
  }

  @Test("the answer to a comment that is added each time is looked for, too")
  func lostAppend() throws {
    let shop = try PostingShop()
    try shop.server.fail(["on": "POST comments", "lost": "yes"])
    try shop.ok("github", "--append")
    #expect(try shop.server.comments().count == 1)
  }

  @Test("a change whose answer is lost is made again")
  func lostUpdate() throws {
    let shop = try PostingShop()
    try shop.ok("github")
    shop.sandbox.now = "2026-03-09T12:00:00Z"
    try shop.server.fail(["on": "PATCH comments", "lost": "yes"])
    #expect(try shop.ok("github").hasPrefix("updated comment 1001 "))
    #expect(try shop.server.calls().filter { $0 == "PATCH 1001" }.count == 2)
    #expect(try shop.server.comments().count == 1)
  }

  @Test("where nobody can be asked afterwards, it is said that it may have been posted")
  func lostAndGone() throws {
    let shop = try PostingShop()
    try shop.server.fail(
      ["on": "POST comments", "lost": "yes"],
      ["on": "GET comments", "status": 404, "body": "{}"]
    )
    let outcome = try shop.post("github", "--append")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("it may have been posted or not"), "\(outcome.errors)")
    #expect(outcome.errors.contains("hint: look there before you post again"))
  }

  @Test(
    "an answer that sends on is followed with the same method, and the token stays with its host"
  )
  func redirects() throws {
    let shop = try PostingShop()
    let moved = "\(shop.server.address)/repos/example/shop/issues/7/comments"
    try shop.server.fail(
      ["on": "GET old", "status": 301, "headers": ["Location": "\(moved)?per_page=100"]],
      ["on": "POST old", "status": 307, "headers": ["Location": moved]]
    )
    #expect(try shop.ok("github", "--repository", "example/old").hasPrefix("created comment 1001 "))
    #expect(try shop.server.comments().count == 1)
    #expect(try shop.server.requests().last?.headers["authorization"] == "Bearer ada-s3cr3t")

    let other = "http://localhost:\(shop.server.port)/repos/example/shop/issues/7/comments"
    try shop.server.fail(["on": "GET old", "status": 302, "headers": ["Location": other]])
    let outcome = try shop.post("github", "--repository", "example/old")
    #expect(outcome.errors.contains("[host.unauthorized]"), "\(outcome.errors)")
    let last = try #require(try shop.server.requests().last)
    #expect(last.headers["host"] == "localhost:\(shop.server.port)")
    #expect(last.headers["authorization"] == nil)

    let round: [String: Any] = [
      "on": "GET old", "status": 302,
      "headers": ["Location": "\(shop.server.address)/repos/example/old/issues/7/comments"],
    ]
    try shop.server.fail(round, round, round, round, round, round)
    let circle = try shop.post("github", "--repository", "example/old")
    #expect(circle.errors.contains("[host.redirected]"), "\(circle.errors)")
  }

  @Test("nobody waits longer than a few minutes")
  func patience() throws {
    let shop = try PostingShop()
    try shop.server.fail(
      [
        "on": "GET comments", "status": 403,
        "headers": ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9999999999"],
      ]
    )
    let outcome = try shop.post("github")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("longer than is waited for [host.throttled]"))
    #expect(outcome.errors.contains("hint: try again later"))
  }

  @Test("a host that keeps failing is given up, with what it answered")
  func failing() throws {
    let shop = try PostingShop()
    let fault: [String: Any] = [
      "on": "GET comments", "status": 502, "headers": ["Retry-After": "0"],
    ]
    try shop.server.fail(fault, fault, fault, fault, fault)
    let outcome = try shop.post("github")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("answered 502, 5 times in a row [host.failing]"))
    #expect(try shop.server.calls().count == 5)
  }

  @Test("a wrong token, a missing permission and a missing place say what to do")
  func refusals() throws {
    let shop = try PostingShop(token: "wrong-s3cr3t")
    let wrong = try shop.post("github")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("does not accept the token [host.unauthorized]"))
    #expect(wrong.errors.contains("hint: check GITHUB_TOKEN"))

    shop.sandbox.environment["GITHUB_TOKEN"] = HostServer.Token.readOnly
    let forbidden = try shop.post("github")
    #expect(forbidden.status == 2)
    #expect(
      forbidden.errors.contains(
        "does not let this token comment on example/shop#7: Resource not accessible by personal "
          + "access token [host.forbidden]"
      ),
      "\(forbidden.errors)"
    )
    #expect(forbidden.errors.contains("hint: a workflow needs 'permissions: issues: write'"))
    #expect(
      try shop.post("github", "--pull-request", "12").errors
        .contains("'permissions: pull-requests: write'")
    )

    shop.sandbox.environment["GITHUB_TOKEN"] = HostServer.Token.ada
    let missing = try shop.post("github", "--issue", "8")
    #expect(missing.errors.contains("has no 'example/shop#8', or hides it from this token"))
    #expect(missing.errors.contains("[host.not-found]"))
    #expect(try shop.post("github", "--repository", "example/other").errors.contains("not-found"))
    #expect(try shop.server.comments().isEmpty)
  }

  @Test("an answer that is a page, or repeats the token, is not passed on")
  func pages() throws {
    let shop = try PostingShop()
    try shop.server.fail(
      ["on": "GET comments", "status": 200, "type": "text/html", "body": "<html>Sign in</html>"]
    )
    let page = try shop.post("github")
    #expect(page.status == 2)
    #expect(page.errors.contains("not its API's: no list of comments [host.unreadable]"))
    try shop.server.fail(
      [
        "on": "POST comments", "status": 400,
        "body": #"{"message":"no use for 'Bearer ada-s3cr3t'\n::error::\u001b[31m"}"#,
      ]
    )
    let echo = try shop.post("github")
    #expect(
      echo.errors.contains("turned it down (400): no use for 'Bearer ***' ::error::⟨U+001B⟩[31m")
    )
    try shop.server.fail(
      [
        "on": "GET comments", "status": 200, "body": "[]",
        "headers": ["Link": "<http://evil.example/x>; rel=\"next\""],
      ]
    )
    #expect(try shop.post("github").errors.contains("the next page is on another host"))
  }

  @Test("tokens and addresses that cannot be right are refused before anything is sent")
  func variables() throws {
    let shop = try PostingShop()
    func expect(_ variables: [String: String], _ code: String, _ arguments: String...) throws {
      let before = shop.sandbox.environment
      defer { shop.sandbox.environment = before }
      shop.sandbox.environment.merge(variables) { $1 }
      let outcome = try shop.sandbox.run(["post", "github"] + arguments)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("[\(code)]"), "\(code): \(outcome.errors)")
      #expect(!outcome.errors.contains("s3cr3t"))
    }
    try expect(["GITHUB_TOKEN": ""], "post.no-token")
    try expect(["GITHUB_TOKEN": "ada-s3cr3t\nX-Other: 1"], "post.bad-secret")
    try expect(["GITHUB_TOKEN": "ada s3cr3t"], "post.bad-secret")
    try expect(["GITHUB_API_URL": "ftp://a.example"], "post.bad-address")
    try expect(["GITHUB_API_URL": "https://"], "post.bad-address")
    try expect([:], "post.bad-repository", "--repository", "example")
    try expect([:], "post.bad-repository", "--repository", "../..")
    try expect([:], "post.bad-repository", "--repository", "example/shop/x")
    try expect(["GITHUB_REPOSITORY": ""], "post.no-repository")
    try expect([:], "post.wrong-kind", "--template", "status-update.html")
    try expect([:], "post.wrong-kind", "--template", "json")
    try expect([:], "template.unknown", "--template", "weekli")
    try shop.sandbox.git(
      "remote",
      "add",
      "origin",
      "https://ci:x@git.evil.example/example/shop.git"
    )
    try expect(["GITHUB_API_URL": "", "GITHUB_REPOSITORY": ""], "post.unknown-host")
    #expect(try shop.server.requests().isEmpty)
    // A line break at the end of a stored token is a common slip.
    shop.sandbox.environment["GITHUB_TOKEN"] = "  ada-s3cr3t\n"
    try shop.ok("github")
  }

  @Test("a certificate that nobody vouches for ends it before the token is sent")
  func certificate() throws {
    let shop = try PostingShop()
    let file = shop.sandbox.outside.appendingPathComponent("certificate.pem")
    let made = try shop.sandbox.shell(
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout '\(file.path)' -out '\(file.path).part' "
        + "-days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 "
        + "&& cat '\(file.path).part' >> '\(file.path)'"
    )
    #expect(made.status == 0, "\(made.errors)")
    let server = try HostServer(shop.sandbox, certificate: file)
    shop.sandbox.environment["GITHUB_API_URL"] = server.address
    let stranger = try shop.post("github")
    #expect(stranger.status == 2)
    #expect(stranger.errors.contains("is not secure: "), "\(stranger.errors)")
    #expect(stranger.errors.contains("[host.untrusted]"))
    #expect(try server.requests().isEmpty)
    shop.sandbox.environment["CURL_CA_BUNDLE"] = "\(file.path).part"
    #expect(try shop.ok("github").hasPrefix("created comment 1001 "))
    #expect(try server.comments().count == 1)
  }

  @Test("without curl, the sentence says so")
  func noCurl() throws {
    let shop = try PostingShop()
    let programs = shop.sandbox.outside.appendingPathComponent("programs")
    try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
    let git = try shop.sandbox.shell("command -v git").output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try FileManager.default.createSymbolicLink(
      atPath: programs.appendingPathComponent("git").path,
      withDestinationPath: git
    )
    shop.sandbox.environment["PATH"] = programs.path
    let outcome = try shop.post("github")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("there is no program 'curl'"), "\(outcome.errors)")
    #expect(outcome.errors.contains("[host.no-curl]"))
    #expect(try shop.ok("github", "--dry-run").contains("which was not asked: there is no program"))
  }

  @Test("curl's arguments are the same whatever is asked, and the user's .curlrc does not count")
  func arguments() throws {
    let shop = try PostingShop()
    let programs = shop.sandbox.outside.appendingPathComponent("programs")
    try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
    let curl = try shop.sandbox.shell("command -v curl").output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let log = shop.sandbox.outside.appendingPathComponent("curl.log")
    let wrapper = programs.appendingPathComponent("curl").path
    // By another process: what this one has open for writing may be "busy" when it is started.
    let script = """
      #!/bin/sh
      echo "$@" >> '\(log.path)'
      env >> '\(log.path)'
      exec \(curl) "$@"

      """
    _ = try shop.sandbox.shell(
      "cat >'\(wrapper)' && chmod 755 '\(wrapper)'",
      input: Data(script.utf8)
    )
    try "trace-ascii = \"\(shop.sandbox.outside.path)/trace\"\n".write(
      to: shop.sandbox.outside.appendingPathComponent(".curlrc"),
      atomically: true,
      encoding: .utf8
    )
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    shop.sandbox.environment["PATH"] = "\(programs.path):\(path)"
    shop.sandbox.environment["NO_PROXY"] = "127.0.0.1"
    try shop.ok("github")
    let text = try String(contentsOf: log, encoding: .utf8)
    #expect(text.hasPrefix("--disable --config -\n"))
    #expect(text.components(separatedBy: "--disable --config -\n").count == 3)
    #expect(text.contains("NO_PROXY=127.0.0.1\n"))
    #expect(!text.contains("s3cr3t") && !text.contains("HOME=") && !text.contains("GITHUB"))
    let trace = shop.sandbox.outside.appendingPathComponent("trace")
    #expect(!FileManager.default.fileExists(atPath: trace.path))
  }

  @Test("a post that is too long is cut where it may be, and says so")
  func long() throws {
    let shop = try PostingShop()
    let part = "A long story.\n\n"
    try shop.sandbox.write(
      String(repeating: part, count: 5000) + "---\n\nAs of {{footer.as_of}}.\n",
      to: "posts/long.md"
    )
    try shop.sandbox.write(String(repeating: "x", count: 70_000), to: "posts/wall.md")
    try shop.sandbox.writeConfiguration("templates: posts")
    let outcome = try shop.post("github", "--template", "long")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("warning: shortened from 75,"))
    let comment = try shop.server.comments()[0]
    #expect(comment.unicodeScalars.count <= 65_536)
    #expect(comment.unicodeScalars.count > 65_000)
    #expect(comment.contains("*Shortened: the whole post has 75"))
    #expect(comment.hasSuffix(PostingShop.marker("long.md")))
    let wall = try shop.post("github", "--template", "wall")
    #expect(wall.status == 2)
    #expect(wall.errors.contains("the post has 70,000 characters"))
    #expect(wall.errors.contains("[post.too-long]"))
  }
}
