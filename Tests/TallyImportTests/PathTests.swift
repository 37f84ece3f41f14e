import TallyImport
import TallyModel
import Testing

@Suite struct PathTests {
  private func path(
    _ uri: String,
    base: String? = nil,
    bases: [ImportedBaseURI] = [],
    root: String? = nil,
    prefixes: [String] = []
  ) -> String {
    PathResolver(repositoryRoot: root, rootPrefixes: prefixes, baseURIs: bases)
      .resolve(ImportedLocation(uri: uri, uriBaseID: base)).text
  }

  @Test(arguments: [
    ("a.py", "a.py"), ("./a.py", "a.py"), ("src//x/./a.py", "src/x/a.py"), ("src/../a.py", "a.py"),
    ("../a.py", "../a.py"), ("a/../../b.py", "../b.py"), ("src/", "src"), ("/usr/x.h", "/usr/x.h"),
    ("/usr/../../x.h", "/x.h"), ("Src/A.PY", "Src/A.PY"),
    ("a%20b.py", "a b.py"), ("a%2520b.py", "a%20b.py"), ("100%.txt", "100%.txt"),
    ("a%2", "a%2"), ("a%zz", "a%zz"), ("a%00b", "a%00b"), ("caf%C3%A9.py", "café.py"),
    ("bad%FFbyte", "bad%FFbyte"), ("a+b.py", "a+b.py"), ("a%5Cb.py", "a\\b.py"),
    ("e\u{301}.py", "\u{E9}.py"), ("a%23b.py", "a#b.py"),
    ("src\\app\\main.cs", "src/app/main.cs"), ("src/odd\\name.py", "src/odd\\name.py"),
    ("C:\\ci\\src\\a.cs", "C:/ci/src/a.cs"), ("c:/ci/a.cs", "C:/ci/a.cs"),
    ("app.py:12", "app.py:12"), ("a:b/c.py", "a:b/c.py"),
    ("file:///builds/a.py", "/builds/a.py"), ("file:/builds/a.py", "/builds/a.py"),
    ("file://localhost/builds/a.py", "/builds/a.py"), ("FILE:///builds/a.py", "/builds/a.py"),
    ("file:///C:/ci/a.cs", "C:/ci/a.cs"), ("file:///c:/ci/a.cs", "C:/ci/a.cs"),
    ("file://C:/ci/a.cs", "C:/ci/a.cs"), ("file:///C:\\ci\\a.cs", "C:/ci/a.cs"),
    ("file://server/share/a.cs", "/server/share/a.cs"), ("file:///a%20b/%C3%A9.py", "/a b/é.py"),
    ("src//\u{301}x/../\u{302}y.py", "src/\u{302}y.py"), ("file:///\u{301}a.py", "/\u{301}a.py"),
    ("https://example.com/a%20b", "https://example.com/a%20b"), ("urn:x:y", "urn:x:y"),
  ])
  func `spelling`(_ uri: String, _ expected: String) {
    #expect(path(uri).utf8.elementsEqual(expected.utf8), "\(path(uri))")
  }

  @Test(arguments: [
    ("file:///builds/team/sample/app.py", "app.py"), ("/builds/team/sample/src/a.py", "src/a.py"),
    ("/builds/team/sampler/a.py", "/builds/team/sampler/a.py"),
    ("/builds/team/sample", "/builds/team/sample"), ("/usr/include/x.h", "/usr/include/x.h"),
    ("app.py", "app.py"), ("/builds/team/x/../sample/b.py", "b.py"),
    ("/builds/team/sample/\u{301}a.py", "\u{301}a.py"),
  ])
  func `the repository's root is cut off`(_ uri: String, _ expected: String) {
    #expect(path(uri, root: "/builds/team/sample") == expected)
    #expect(path(uri, root: "/builds/team/sample/") == expected)
    #expect(path(uri, prefixes: ["file:///builds/team/sample"]) == expected)
  }

  @Test func `the longest prefix is cut off`() {
    let prefixes = ["/ci", "/ci/checkout/", "C:\\agent\\s", "build/out"]
    #expect(path("/ci/checkout/a.py", prefixes: prefixes) == "a.py")
    #expect(path("/ci/b.py", prefixes: prefixes) == "b.py")
    #expect(path("file:///c:/agent/s/x/y.cs", prefixes: prefixes) == "x/y.cs")
    #expect(path("build/out/gen.py", prefixes: prefixes) == "gen.py")
    #expect(path("build/other.py", prefixes: prefixes) == "build/other.py")
  }

  @Test func `bases`() {
    let bases = [
      ImportedBaseURI(name: "ROOT", uri: "file:///ci/checkout/", baseName: nil),
      ImportedBaseURI(name: "SUB", uri: "sub%20dir/", baseName: "ROOT"),
      ImportedBaseURI(name: "RELATIVE", uri: "pkg", baseName: nil),
      ImportedBaseURI(name: "OPEN", uri: nil, baseName: nil),
      ImportedBaseURI(name: "LOOP", uri: "x/", baseName: "LOOP"),
      ImportedBaseURI(name: "WEB", uri: "https://example.com/", baseName: nil),
    ]
    for name in ["%SRCROOT%", "SRCROOT", "EXECUTIONROOT", "OPEN", "WEB", "nobody"] {
      #expect(path("a.py", base: name, bases: bases, root: "/ci/checkout") == "a.py", "\(name)")
    }
    #expect(path("a.py", base: "ROOT", bases: bases, root: "/ci/checkout") == "a.py")
    #expect(path("a.py", base: "SUB", bases: bases, root: "/ci/checkout") == "sub dir/a.py")
    // The checkout is unknown: the base stands for the root of the repository.
    #expect(path("a.py", base: "ROOT", bases: bases) == "a.py")
    #expect(path("a.py", base: "RELATIVE", bases: bases) == "pkg/a.py")
    #expect(path("../a.py", base: "RELATIVE", bases: bases) == "a.py")
    #expect(path("a.py", base: "LOOP", bases: bases) == "x/a.py")
    #expect(path("/ci/checkout/b.py", base: "SUB", bases: bases, root: "/ci/checkout") == "b.py")
  }

  /// Without the commit's files: what lies below different bases must not become one file.
  @Test func `bases beside each other keep files apart`() {
    func base(_ name: String, _ uri: String, in other: String? = nil) -> ImportedBaseURI {
      ImportedBaseURI(name: name, uri: uri, baseName: other)
    }
    let modules = [base("APP", "file:///w/r/app/"), base("LIB", "file:///w/r/lib/")]
    #expect(path("src/A.kt", base: "APP", bases: modules) == "app/src/A.kt")
    #expect(path("src/A.kt", base: "LIB", bases: modules) == "lib/src/A.kt")
    let nested = [base("ROOT", "file:///src/"), base("SUB", "sub/", in: "ROOT")]
    #expect(path("a.py", base: "ROOT", bases: nested) == "a.py")
    #expect(path("a.py", base: "SUB", bases: nested) == "sub/a.py")
    let windows = [base("APP", "file:///C:/r/app/"), base("LIB", "file:///c:/r/lib/")]
    #expect(path("A.cs", base: "LIB", bases: windows) == "lib/A.cs")
    let other = [base("SRC", "file:///builds/r/"), base("TOOL", "file:///usr/share/tool/")]
    #expect(path("a.py", base: "SRC", bases: other) == "a.py")
    let bare = [base("SRC", "file:///builds/r/"), base("TOP", "file:///")]
    #expect(path("a.py", base: "SRC", bases: bare) == "a.py")
  }

  @Test func `files of test runs are paths and no URIs`() {
    let resolver = PathResolver(repositoryRoot: "/ci/checkout")
    #expect(resolver.resolve(file: "tests/a%20b.py").text == "tests/a%20b.py")
    #expect(resolver.resolve(file: "/ci/checkout/tests/a.py").text == "tests/a.py")
    #expect(resolver.resolve(file: "file:///ci/checkout/tests/a%20b.py").text == "tests/a b.py")
    #expect(resolver.resolve(file: "tests\\a.py").text == "tests/a.py")
  }

  /// Resolving what was resolved changes nothing, if there is nothing to decode.
  @Test(arguments: 0..<20)
  func `resolving twice is resolving once`(_ seed: Int) {
    var generator = SplitMix(seed: UInt64(seed))
    let parts = ["a", "..", ".", "", "b c", "é", "e\u{301}", "C:", "x.py", "/", "//"]
    for _ in 0..<50 {
      let text = (0..<Int.random(in: 1...6, using: &generator))
        .map { _ in parts.randomElement(using: &generator) ?? "" }.joined(separator: "/")
      let once = PathResolver(repositoryRoot: "/a").resolve(file: text)
      let twice = PathResolver().resolve(file: once.text)
      #expect(once == twice, "seed \(seed): \(text) gave \(once), then \(twice)")
    }
  }
}
