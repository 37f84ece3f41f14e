import TallyImport
import TallyModel
import Testing

/// Which file of a commit a report means.
@Suite struct FileFinderTests {
  private static let tree = [
    "src/app.py", "src/lib/app.py", "main.tf", "modules/main.tf", "deep/down/only.py", "a/twin.py",
    "b/twin.py", "Src/Mod1.cpp", "x/Read.me", "x/read.me", "odd#name.py", "odd\\name.py",
    "per%20cent.py", "web/what?.js", "web/src/a b.js",
  ]

  private func find(
    _ uris: [String],
    in tree: [String] = FileFinderTests.tree,
    base: String? = nil,
    bases: [ImportedBaseURI] = [],
    folder: String = "",
    root: String? = nil,
    prefixes: [String] = []
  ) -> [FoundFile] {
    FileFinder(
      PathResolver(repositoryRoot: root, rootPrefixes: prefixes, baseURIs: bases),
      in: TreePaths(tree.map { RepoPath(normalized: $0) }),
      folder: folder
    )
    .files(of: uris.map { .artifact(ImportedLocation(uri: $0, uriBaseID: base)) })
  }

  private func file(_ path: String) -> FoundFile { .file(RepoPath(normalized: path)) }
  private func likely(_ path: String) -> FoundFile { .likely(RepoPath(normalized: path)) }
  private func several(_ path: String) -> FoundFile { .several(RepoPath(normalized: path)) }
  private func missing(_ path: String) -> FoundFile { .missing(RepoPath(normalized: path)) }

  @Test(arguments: [
    ("src/app.py", "src/app.py"), ("/workdir/src/app.py", "src/app.py"), ("/main.tf", "main.tf"),
    ("main.tf", "main.tf"), ("only.py", "deep/down/only.py"), ("down/only.py", "deep/down/only.py"),
    ("../deep/down/only.py", "deep/down/only.py"), ("/x/a/twin.py", "a/twin.py"),
    ("lib/app.py", "src/lib/app.py"), ("src\\lib/app.py", "src/lib/app.py"),
    ("file:///c:/proj/src/mod1.cpp", "Src/Mod1.cpp"), ("C:\\proj\\SRC\\MOD1.CPP", "Src/Mod1.cpp"),
    ("src/mod1.cpp", "Src/Mod1.cpp"), ("mod1.cpp", "Src/Mod1.cpp"), ("x/Read.me", "x/Read.me"),
    ("src/app.py#L10", "src/app.py"), ("file:///w/src/app.py#L10-L12", "src/app.py"),
    ("src/app.py?ref=main#top", "src/app.py"), ("src/app.py:10", "src/app.py"),
    ("src/app.py:10:5", "src/app.py"), ("odd#name.py", "odd#name.py"),
    ("odd%23name.py", "odd#name.py"), ("odd%5Cname.py", "odd\\name.py"),
    ("per%20cent.py", "per%20cent.py"), ("web/what%3F.js", "web/what?.js"),
    ("web/what?.js", "web/what?.js"), ("web/src/a%20b.js", "web/src/a b.js"),
    ("src/a%20b.js", "web/src/a b.js"), ("src%5Clib%5Capp.py", "src/lib/app.py"),
    ("https://example.com/o/r/blob/main/src/lib/app.py", "src/lib/app.py"),
  ])
  func `a file is found`(_ uri: String, _ expected: String) {
    #expect(find([uri]).map(\.path.text) == [expected])
  }

  @Test(arguments: [
    ("twin.py", true), ("/x/twin.py", false), ("x/READ.ME", true), ("nowhere.py", false),
    ("/x/other/nowhere.py", false), ("build/src/app.py", false), ("src/app.py.bak", false),
    ("own.py", false),
  ])
  func `nothing is guessed`(_ uri: String, _ isSeveral: Bool) {
    #expect(find([uri]) == [isSeveral ? several(uri) : missing(uri)])
  }

  @Test func `bases are kept`() {
    let tree = ["app/src/A.kt", "lib/src/A.kt", "src/A.kt", "B.kt"]
    let bases = [
      ImportedBaseURI(name: "APP", uri: "file:///w/r/app/", baseName: nil),
      ImportedBaseURI(name: "R", uri: "file:///w/r/", baseName: nil),
      ImportedBaseURI(name: "LIB", uri: "lib/", baseName: "R"),
      ImportedBaseURI(name: "OTHER", uri: "file:///w/r/gone/", baseName: nil),
      ImportedBaseURI(name: "TOP", uri: "file:///", baseName: nil),
      ImportedBaseURI(name: "OPEN", uri: nil, baseName: nil),
    ]
    func find(_ uri: String, _ base: String) -> FoundFile {
      self.find([uri], in: tree, base: base, bases: bases)[0]
    }
    #expect(find("src/A.kt", "APP") == file("app/src/A.kt"))
    #expect(find("src/A.kt", "LIB") == file("lib/src/A.kt"))
    #expect(find("src/A.kt", "R") == file("src/A.kt"))
    #expect(find("src/A.kt", "OPEN") == file("src/A.kt"))
    #expect(find("src/A.kt", "OTHER") == file("src/A.kt"))
    // The base says nothing but that the path is absolute.
    #expect(find("w/r/app/src/A.kt", "TOP") == file("app/src/A.kt"))
    // A built copy is not the file at the top.
    #expect(find("build/B.kt", "APP") == missing("app/build/B.kt"))
  }

  /// The unique end is looked for among all files, whatever the machine's folders are called.
  @Test func `a base that the commit does not know`() {
    let bases = [ImportedBaseURI(name: "SRC", uri: "file:///container/", baseName: nil)]
    let found = find(["src/a.js"], in: ["web/src/a.js"], base: "SRC", bases: bases)
    #expect(found == [likely("web/src/a.js")])
  }

  @Test(arguments: [
    "/home/runner/work/requests/requests/api.py", "D:\\a\\requests\\requests\\api.py",
    "file:///__w/requests/requests/api.py",
  ])
  func `a checkout that names the repository's folder twice`(_ uri: String) {
    #expect(find([uri], in: ["api.py", "requests/api.py"]) == [file("api.py")])
  }

  @Test func `below the repository's root only the case may differ`() {
    let tree = ["web/src/a.js", "Lib/b.js"]
    #expect(find(["/w/r/src/a.js"], in: tree, root: "/w/r") == [missing("src/a.js")])
    #expect(find(["/w/r/lib/B.js"], in: tree, root: "/w/r") == [file("Lib/b.js")])
    #expect(find(["/w/r/src/a.js"], in: tree, prefixes: ["/w/r"]) == [likely("web/src/a.js")])
  }

  @Test func `the folder that a tool runs in`() {
    let tree = ["web/src/a.js", "api/src/a.js", "src/b.js", "web/src/b.js"]
    #expect(find(["src/a.js"], in: tree, folder: "web/") == [file("web/src/a.js")])
    #expect(find(["src/b.js"], in: tree, folder: "web/") == [file("src/b.js")])
    #expect(find(["../src/b.js"], in: tree, folder: "web/") == [file("src/b.js")])
    #expect(find(["src/a.js"], in: tree) == [several("src/a.js")])
    // Above the repository.
    #expect(find(["shop/src/b.js"], in: tree, root: "/w/shop") == [file("src/b.js")])
    #expect(find(["shop/src/c.js"], in: tree, root: "/w/shop") == [missing("shop/src/c.js")])
  }

  /// `src/a.js` alone could be one of two; a file that is only in `web` says which.
  @Test func `files that are certain decide between those that are not`() {
    let tree = ["web/src/a.js", "api/src/a.js", "web/src/only.js", "api/src/other.js"]
    #expect(
      find(["src/a.js", "src/only.js"], in: tree) == [
        likely("web/src/a.js"), likely("web/src/only.js"),
      ]
    )
    #expect(
      find(["src/a.js", "src/only.js", "src/other.js"], in: tree)
        == [several("src/a.js"), likely("web/src/only.js"), likely("api/src/other.js")]
    )
  }

  @Test func `files of test runs are paths and no URIs`() {
    let finder = FileFinder(
      PathResolver(),
      in: TreePaths(["tests/a%20b.py", "web/tests/c.js"].map { RepoPath(normalized: $0) })
    )
    let found = finder.files(of: [.file("tests/a%20b.py"), .file("tests\\c.js"), .file("d.js")])
    #expect(found == [file("tests/a%20b.py"), likely("web/tests/c.js"), missing("d.js")])
  }

  @Test(arguments: [
    ("src/app.py", true), ("/w/src/app.py", true), ("C:\\w\\src\\app.py", true), ("main.tf", true),
    ("/main.tf", false), ("only.py", false), ("src/mod1.cpp", false), ("src/app.py#L10", true),
  ])
  func `a guess is told as a guess`(_ uri: String, _ isCertain: Bool) {
    let found = find([uri])[0]
    #expect(found == (isCertain ? file(found.path.text) : likely(found.path.text)))
  }

  /// Each of these names ends like a file of the commit.
  @Test(arguments: [
    "/usr/include/string.h", "/usr/lib/python3/site-packages/foo/setup.py",
    "/root/go/pkg/mod/github.com/x/y@v1/main.go", "/root/.gradle/caches/x/src/A.kt",
    "C:/Users/a/.nuget/packages/x/src/A.kt", "file:///root/.cargo/registry/src/x/src/lib.rs",
    "../node_modules/x/index.js", "/w/r/node_modules/x/index.js", "C:\\Program Files\\x\\main.go",
    "jar:file:/root/.m2/lib.jar!/src/A.kt", "https://example.com/other/lib/blob/v1/src/A.kt",
  ])
  func `what others wrote is no file of the commit`(_ uri: String) {
    let tree = ["string.h", "setup.py", "main.go", "src/A.kt", "src/lib.rs", "index.js"]
    #expect(find([uri], in: tree, root: "/ci/shop") == [missing(find([uri], in: [])[0].path.text)])
    // It is, where the commit has the folder, too.
    let whole = find([uri], in: tree + ["x/node_modules/x/index.js", "usr/include/string.h"])[0]
    let isHeld = uri.hasPrefix("..") || uri.contains("include")
    #expect(isHeld ? whole != missing(whole.path.text) : true)
  }

  @Test func `the folder that most places show decides on the others`() {
    let tree = ["src/a.c", "src/b.c", "lib/gen/c.c", "app/src/A.kt", "lib/src/B.kt"]
    #expect(
      find(["/w/r/src/a.c", "/w/r/src/b.c", "/tmp/x/src/a.c", "/w/r/gen/c.c"], in: tree) == [
        file("src/a.c"), file("src/b.c"), missing("/tmp/x/src/a.c"), missing("gen/c.c"),
      ]
    )
    // As many for one as for the other: both are kept.
    #expect(
      find(["/w/src/a.c", "/v/src/b.c"], in: tree) == [likely("src/a.c"), likely("src/b.c")]
    )
    // The repository's own root is known.
    let own = find(["/ci/shop/src/a.c", "/opt/src/b.c"], in: tree, root: "/ci/shop")
    #expect(own == [file("src/a.c"), missing("/opt/src/b.c")])
    // A generated file of a module is not another module's.
    let bases = [
      ImportedBaseURI(name: "APP", uri: "file:///w/x/app/", baseName: nil),
      ImportedBaseURI(name: "LIB", uri: "lib/", baseName: "WEB"),
      ImportedBaseURI(name: "WEB", uri: "https://example.com/o/r/", baseName: nil),
    ]
    let app = find(["src/A.kt", "src/B.kt"], in: tree, base: "APP", bases: bases)
    #expect(app == [file("app/src/A.kt"), missing("app/src/B.kt")])
    #expect(find(["src/B.kt"], in: tree, base: "LIB", bases: bases) == [file("lib/src/B.kt")])
  }

  @Test func `a finding about no file stays so`() {
    #expect(find([""]) == [file("")])
  }
}
