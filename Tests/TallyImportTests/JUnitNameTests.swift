import TallyModel
import Testing

@testable import TallyImport

/// Pins which cases there are, what they are called and what came of them.
@Suite struct JUnitNameTests {
  private func run(_ body: String) throws -> ImportedTestRun {
    try imported(Array("<testsuites>\(body)</testsuites>".utf8), as: JUnitImporter()).testRuns[0]
  }

  private func said(_ body: String) throws -> [String] {
    try run(body).cases.map { "\($0.id) \($0.outcome.name)" }
  }

  private func browser(_ host: String, _ verdict: String = "") -> String {
    "<testsuite name='a.spec.ts' hostname='\(host)'><testcase classname='a.spec.ts' name='logs in'>"
      + "\(verdict)</testcase></testsuite>"
  }

  @Test func `one test in two browsers is two`() throws {
    let chromium = browser("chromium")
    let firefox = browser("firefox", "<failure/>")
    let both = ["a/spec/ts::logs in passed", "a/spec/ts::logs in [firefox] failed"]
    #expect(try said(chromium + firefox) == both)
    // Whichever finishes first, and whatever comes of it.
    #expect(try said(firefox + chromium) == both)
    let turned = try said(browser("firefox") + browser("chromium", "<error/>"))
    #expect(turned.first == "a/spec/ts::logs in error")
    #expect(try said(chromium) == ["a/spec/ts::logs in passed"])
    #expect(
      try said(chromium + browser("iPhone 12") + browser("webkit"))
        == [
          "a/spec/ts::logs in passed", "a/spec/ts::logs in [iPhone 12] passed",
          "a/spec/ts::logs in [webkit] passed",
        ]
    )
  }

  @Test(arguments: ["runner-7", "localhost", "build.example.org", "9f5253e98e8a"])
  func `a machine is no part of a name`(_ host: String) throws {
    let both = try run(browser("a") + browser(host)).cases.map(\.id)
    #expect(both == ["a/spec/ts::logs in", "a/spec/ts::logs in #2"])
  }

  @Test func `equal names in other files are other tests`() throws {
    func test(_ file: String) -> String {
      "<testcase classname='S' name='T' file='\(file)'><failure/></testcase>"
    }
    let ids = ["S::T", "S::T [b.txt]"]
    let (a, b) = (test("a.txt"), test("b.txt"))
    #expect(try run("<testsuite>\(a + b)</testsuite>").cases.map(\.id) == ids)
    #expect(try run("<testsuite>\(b + a)</testsuite>").cases.map(\.id) == ids)
  }

  /// Gradle names parameterised tests without their method.
  @Test func `equal names of one class are counted`() throws {
    func test(_ name: String, _ verdict: String = "") -> String {
      "<testcase classname='e.R' name='\(name)'>\(verdict)</testcase>"
    }
    let first = test("[1] v = a") + test("[2] v = b")
    let run = try run("<testsuite>\(first + test("[1] v = a", "<failure/>"))</testsuite>")
    #expect(
      run.cases.map { "\($0.id) \($0.outcome.name)" }
        == ["e/R::[1] v = a passed", "e/R::[1] v = a #2 failed", "e/R::[2] v = b passed"]
    )
    #expect(run.adjusted == [SkippedCount(reason: "same-name", count: 1)])
  }

  @Test func `suite counts before host, host before file`() throws {
    func test(_ file: String) -> String { "<testcase classname='c' name='t' file='\(file)'/>" }
    func suite(_ name: String, _ host: String, _ body: String) -> String {
      "<testsuite name='\(name)' hostname='\(host)'>\(body)</testsuite>"
    }
    let text =
      suite("one", "x", test("f") + test("g")) + suite("two", "x", test("f"))
      + suite("two", "y", test("f") + test("f"))
    #expect(
      try run(text).cases.map(\.id)
        == ["c::t", "c::t [g]", "c::t [two]", "c::t [two] [y]", "c::t [two] [y] #2"]
    )
  }

  @Test func `no made name is that of another test`() throws {
    let names = ["t #2", "t", "t"].map { "<testcase classname='c' name='\($0)'/>" }
    #expect(
      try run("<testsuite>\(names.joined())</testsuite>").cases.map(\.id)
        == ["c::t", "c::t #2", "c::t #2 #2"]
    )
  }

  /// xmlrunner adds the time to each suite's name.
  @Test func `a time is no part of a name`() throws {
    func suite(_ name: String, _ time: String) -> String {
      "<testsuite name='\(name)-\(time)'><testcase classname='c' name='t'/></testsuite>"
    }
    let run = try run(suite("A", "20260101101010") + suite("B", "20260101101011"))
    #expect(run.cases.map(\.id) == ["c::t", "c::t [B]"])
    #expect(run.runner == "unittest")
  }

  @Test func `a case without a name`() throws {
    let run = try run(
      "<testsuite name='s'><testcase classname='c'/><testcase time='1'/></testsuite>"
    )
    #expect(run.cases.map(\.id) == ["c::(unnamed)", "s::(unnamed)"])
    #expect(run.adjusted == [SkippedCount(reason: "unnamed-case", count: 2)])
  }

  @Test func `nested cases and suites are read`() throws {
    func suite(_ body: String) -> String { "<testsuite name='s'>\(body)</testsuite>" }
    func test(_ name: String, _ body: String) -> String {
      "<testcase \(name)>\(body)</testcase>"
    }
    let inner = test("classname='b' name='inner'", "<failure/>")
    let outer = suite(test("classname='b' name='outer'", inner))
    #expect(try said(outer) == ["b::inner failed", "b::outer passed"])
    let nameless = suite(test("name='o'", test("name='i'", "<error/>") + "<failure/>"))
    #expect(try said(nameless) == ["s/o::i error", "s::o failed"])
    let grouped = "<group>\(suite(test("name='a'", "<results><failure/></results>")))</group>"
    #expect(try said(grouped) == ["s::a failed"])
    let within = suite(test("name='o'", "<testsuite name='in'>\(test("name='i'", ""))</testsuite>"))
    #expect(try said(within) == ["s/in/o::i passed", "s::o passed"])
    // What a test printed is no report.
    let printed = "<system-out><testcase name='b'/></system-out>"
    let said = try said(
      suite(test("name='a'", printed + "<failure><testcase name='c'/></failure>"))
    )
    #expect(said == ["s::a failed"])
  }

  @Test(arguments: [
    ("status='ignored'", "", "skipped"), ("status='disabled'", "", "skipped"),
    ("status='notrun'", "", "skipped"), ("status='Not Run'", "", "skipped"),
    ("status='SKIPPED'", "", "skipped"), ("result='suppressed'", "", "skipped"),
    ("result='skipped'", "", "skipped"), ("status='pending'", "", "skipped"),
    ("", "<ignored/>", "skipped"), ("", "<disabled/>", "skipped"), ("", "<skip/>", "skipped"),
    ("", "<notrun/>", "skipped"), ("", "<pending/>", "skipped"), ("", "<Skipped/>", "skipped"),
    ("status='run' result='completed'", "", "passed"), ("status='passed'", "", "passed"),
    ("status='failed'", "", "failed"), ("status='error'", "", "error"),
    ("status='ignored'", "<failure/>", "failed"), ("status='failed'", "<skipped/>", "skipped"),
    ("", "<failed message='m'>m</failed>", "failed"), ("", "<Error/>", "error"),
    ("", "<fail/>", "failed"), ("", "<broken/>", "error"),
    ("flaky='true'", "", "flaky"), ("flaky='true'", "<failure/>", "failed"),
    ("flaky='true'", "<error/>", "error"), ("flaky='true'", "<skipped/>", "skipped"),
    ("flaky='true'", "<rerunFailure/>", "flaky"), ("flaky='false'", "<failure/>", "failed"),
    ("", "<rerunFailure/>", "flaky"), ("", "<failure/><rerunError/>", "failed"),
  ])
  func `words for outcomes`(_ attributes: String, _ body: String, _ outcome: String) throws {
    let run = try run("<testsuite><testcase name='a' \(attributes)>\(body)</testcase></testsuite>")
    #expect(run.cases.map(\.outcome.name) == [outcome])
  }

  /// What each runner always writes.
  @Test(arguments: [
    ("<testsuites name='pytest tests'><testsuite name='mine'/></testsuites>", "pytest"),
    ("<testsuite name='pytest'/>", "pytest"),
    ("<testsuites name='jest tests'/>", "jest"), ("<testsuites name='vitest tests'/>", "vitest"),
    ("<testsuites name='Mocha Tests'/>", "mocha"), ("<testsuite name='Mocha Tests'/>", "mocha"),
    ("<testsuites name='nextest-run'/>", "nextest"), ("<testsuites id='' name=''/>", "playwright"),
    ("<testsuites name='AllTests' disabled='0'/>", "googletest"),
    ("<testsuite name='rspec'/>", "rspec"), ("<testsuite name='rspec2'/>", "rspec"),
    ("<testsuite name='s' assertions='1'/>", "phpunit"), ("<testsuites name='bun test'/>", "bun"),
    ("<testsuites name='deno test'/>", "deno"), ("<testsuite name='a.bats'/>", "bats"),
    ("<testsuite name='Some.Tests.dll'/>", "dotnet"), ("<testsuite hostname='tbd'/>", "catch2"),
    (
      "<testsuite xmlns:xsi='x' xsi:noNamespaceSchemaLocation='surefire-test-report.xsd'/>",
      "surefire"
    ),
    (
      "<testsuite name='a' tests='0' skipped='0' failures='0' errors='0' timestamp='' hostname=''"
        + " time='0'/>", "gradle"
    ),
    (
      "<testsuite name='L' disabled='0' hostname=''><testcase name='a' classname='a' status='run'/>"
        + "</testsuite>", "ctest"
    ),
    ("<testsuites><testcase name='a' classname='test'/></testsuites>", "node"),
    ("<testsuite name='TestResults'><testcase name='a()'/></testsuite>", "swift-testing"),
    ("<testsuite name='TestResults'><testcase name='a'/></testsuite>", "xctest"),
    ("<testsuite name='x'><testcase classname='js.a' name='t'/></testsuite>", "junit"),
  ])
  func `runners`(_ text: String, _ runner: String) throws {
    let run = try imported(Array(text.utf8), as: JUnitImporter()).testRuns[0]
    #expect(run.runner == runner)
  }
}
