import Testing

@testable import TallyHost

/// What is read out of an answer.
///
/// Method: headers as curl writes them down, for answers that hosts document.
@Suite struct AnswerTests {
  private func answer(_ head: String, _ body: String = "") throws -> HTTPAnswer {
    try #require(HTTPAnswer(head: head, body: Array(body.utf8)))
  }

  @Test("of several answers on the way the last counts, with its own headers")
  func blocks() throws {
    let answer = try answer(
      "HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n"
        + "HTTP/1.1 307 Temporary Redirect\r\nLocation: https://b.example/\r\n\r\n"
        + "HTTP/2 201 \r\ncontent-type:application/json\r\nX-Next-Page: 2 \r\n\r\n"
    )
    #expect(answer.status == 201)
    #expect(answer.headers == ["content-type": "application/json", "x-next-page": "2"])
    #expect(HTTPAnswer(head: "", body: []) == nil)
    #expect(HTTPAnswer(head: "HTTP/1.1 abc\r\n\r\n", body: []) == nil)
  }

  @Test("the next page is the link that says so, wherever it stands")
  func link() throws {
    let both =
      "<https://a.example/x?page=1>; rel=\"prev\", <https://a.example/x?page=3>; rel=\"next\""
    #expect(try answer("HTTP/2 200\nLink: \(both)\n").nextLink == "https://a.example/x?page=3")
    let last = "<https://a.example/x?page=1>; rel=\"first\""
    #expect(try answer("HTTP/2 200\nlink: \(last)\n").nextLink == nil)
    #expect(try answer("HTTP/2 200\n").nextLink == nil)
  }

  @Test("a request to wait is told from a refusal")
  func throttled() throws {
    let date = "Date: Wed, 25 Nov 2026 10:00:00 GMT"
    #expect(try answer("HTTP/2 429\nRetry-After: 7\n").pause == 7)
    #expect(try answer("HTTP/2 429\nRetry-After: -7\n").pause == 0)
    #expect(try answer("HTTP/2 429\nRetry-After: soon\n").pause == nil)
    let later = "Retry-After: Wed, 25 Nov 2026 10:00:09 GMT"
    #expect(try answer("HTTP/2 503\n\(date)\n\(later)\n").pause == 9)
    let primary = try answer(
      "HTTP/2 403\n\(date)\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1795600830\n"
    )
    #expect(primary.isThrottled)
    #expect(primary.pause == 30)
    let secondary = try answer(
      "HTTP/2 403\n",
      #"{"message":"You have exceeded a secondary rate limit."}"#
    )
    #expect(secondary.isThrottled)
    #expect(secondary.pause == 60)
    let refused = try answer(
      "HTTP/2 403\nX-RateLimit-Remaining: 4999\n",
      #"{"message":"Resource not accessible by integration"}"#
    )
    #expect(!refused.isThrottled)
    #expect(try !answer("HTTP/2 401\nRetry-After: 1\n").isThrottled)
  }

  @Test("the host's own sentence is one line of at most 200 characters, in each of its forms")
  func messages() throws {
    func message(_ body: String) throws -> String? { try answer("HTTP/2 422\n", body).message }
    #expect(try message(#"{"message":"Not\nFound"}"#) == "Not Found")
    #expect(
      try message(#"{"message":"Validation Failed","errors":[{"message":"Body is too long"}]}"#)
        == "Validation Failed: Body is too long"
    )
    #expect(try message(#"{"message":{"note":["is too long"]}}"#) == "note is too long")
    #expect(try message(#"{"error":"insufficient_scope"}"#) == "insufficient_scope")
    #expect(try message(#"{"message":"\#(String(repeating: "x", count: 999))"}"#)?.count == 200)
    #expect(try message("<html>Bad Gateway</html>") == nil)
    #expect(try message("{}") == nil)
  }
}

/// What goes to curl.
@Suite struct RequestTests {
  @Test("no value gets out of its quotes")
  func quoting() {
    let request = HTTPRequest(
      "POST",
      "https://a.example/x?q=\"",
      headers: [.init("X-Odd", "a\\b\"c\td\ne\rf\u{0B}g – ü\n--output /etc/passwd")]
    )
    let text = CurlConfiguration.text(
      for: request,
      agent: "tally/1",
      bodyFile: "/tmp/a \"b\"/body",
      headFile: "/tmp/head"
    )
    let lines = text.split(separator: "\n")
    #expect(lines.contains(#"url = "https://a.example/x?q=\"""#))
    #expect(lines.contains(#"data-binary = "@/tmp/a \"b\"/body""#))
    #expect(
      lines.contains(
        #"header = "X-Odd: a\\b\"c\td\ne\rf\vg – ü\n--output /etc/passwd""#
      )
    )
    #expect(!lines.contains { $0.hasPrefix("--output") })
    #expect(lines.contains(#"proto-redir = "=https""#))
  }

  @Test("a host is named without what may be secret, and a part of a path stays one")
  func addresses() {
    #expect(HTTPRequest.host(of: "https://me:s3cr3t@a.example:8443/hook?t=1") == "a.example:8443")
    #expect(HTTPRequest.host(of: "https://a.example?t=s3cr3t") == "a.example")
    #expect(
      HTTPRequest.secrets(in: "https://me:pass-word@a.example/hook/x?t=1")
        == ["https://me:pass-word@a.example/hook/x?t=1", "/hook/x?t=1", "pass-word"]
    )
    #expect(HTTPRequest.secrets(in: "https://a.example/") == ["https://a.example/"])
    #expect(HTTPRequest.origin(of: "HTTPS://A.example/x") == "https://a.example")
    #expect(HTTPRequest.encoded("a/../b?c#d e%ü") == "a%2F..%2Fb%3Fc%23d%20e%25%C3%BC")
  }
}
