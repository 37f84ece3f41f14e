import Foundation
import Synchronization
import TallyGit
import TallyModel
import Testing

/// Blobs, in numbers and in bad shape.
struct ObjectTests {
  /// Each blob has a size of its own, so that a slip by one byte shows in all that follow.
  private func many(_ count: Int) throws -> (GitBuilder, CommitID) {
    let git = try GitBuilder()
    var script =
      "commit refs/heads/main\ncommitter Ada <ada@example.com> 1760000000 +0000\ndata 1\nx\n"
    for index in 0..<count {
      let text = String(repeating: "\(index)\n", count: index % 700)
      script += "M 644 inline f/\(index).txt\ndata \(text.utf8.count)\n\(text)\n"
    }
    try git.git(["fast-import", "--quiet"], input: Data(script.utf8))
    return (git, try git.head())
  }

  @Test("2,000 blobs come whole and in order, whatever fills the pipes", .timeLimit(.minutes(1)))
  func batch() async throws {
    let (git, commit) = try many(2000)
    let repository = try await git.open()
    let manifest = try await repository.manifest(of: commit)
    #expect(manifest.lines.count == 2000)
    let blobs = try await repository.blobs(manifest.lines.map(\.blob))
    for line in manifest.lines {
      let index = Int(line.path.name.dropLast(4)) ?? -1
      let expected = String(repeating: "\(index)\n", count: index % 700)
      #expect(blobs[line.blob]?.bytes == Array(expected.utf8), "\(line.path)")
    }
  }

  @Test("the session answers a short list the same way", .timeLimit(.minutes(1)))
  func session() async throws {
    let (git, commit) = try many(200)
    let repository = try await git.open()
    let manifest = try await repository.manifest(of: commit)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for line in manifest.lines {
        group.addTask {
          let content = try await repository.blobs([line.blob])[line.blob]
          let index = Int(line.path.name.dropLast(4)) ?? -1
          #expect(content?.bytes?.count == String(index).utf8.count * index + index)
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("what is no blob, too large or not there is said")
  func reasons() async throws {
    let git = try GitBuilder()
    try git.write("big", String(repeating: "x", count: 100_000))
    try git.write("small", "x")
    try git.write("bytes", "")
    let commit = try git.commit()
    let repository = try await git.open()
    func id(_ name: String) throws -> BlobID {
      try #require(BlobID(hex: git.git(["rev-parse", name])))
    }
    let (big, small, empty) = try (id("HEAD:big"), id("HEAD:small"), id("HEAD:bytes"))
    let tree = try id("HEAD^{tree}")
    let none = try #require(BlobID(hex: String(repeating: "e", count: 40)))
    let asked = [big, none, small, tree, empty, big, try #require(BlobID(hex: "\(commit)"))]
    let blobs = try await repository.blobs(asked, sizeLimit: 1000)
    #expect(blobs.count == 6)
    #expect(blobs[big] == .tooLarge(100_000))
    #expect(blobs[none] == .missing)
    #expect(blobs[small] == .bytes([UInt8(ascii: "x")]))
    #expect(blobs[empty] == .bytes([]))
    #expect(blobs[tree] == .notABlob(kind: "tree"))
  }

  @Test("a damaged object is an error that names it, and the session goes on", arguments: [1, 400])
  func corrupt(_ count: Int) async throws {
    let git = try GitBuilder()
    for index in 0..<count { try git.write("f\(index)", "text \(index)\n") }
    try git.commit()
    let digits = try git.git(["rev-parse", "HEAD:f0"])
    let path = git.folder + "/.git/objects/\(digits.prefix(2))/\(digits.dropFirst(2))"
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in 2..<bytes.count { bytes[index] ^= 0x55 }
    try bytes.write(to: URL(fileURLWithPath: path))
    let repository = try await git.open()
    let manifest = try await repository.manifest(of: git.head())
    let error = await #expect(throws: GitError.self) {
      try await repository.blobs(manifest.lines.map(\.blob)).count
    }
    #expect(error?.code == "git.corrupt-object")
    #expect(error?.description.contains(digits) == true)
    #expect(try await repository.resolve("HEAD") == git.head())
  }

  @Test("a partial clone fetches nothing, and what it holds is read", arguments: [3, 300])
  func partial(_ count: Int) async throws {
    let git = try GitBuilder()
    for index in 0..<count { try git.write("f\(index)", "text \(index)\n") }
    let commit = try git.commit()
    try git.git(["config", "uploadpack.allowFilter", "true"])
    let clone = git.beside("clone")
    try git.git([
      "clone", "-q", "--no-checkout", "--filter=blob:none", "file://" + git.folder, clone,
    ])
    try git.git(["checkout", "-q", "HEAD", "--", "f1"], in: clone)
    let repository = try await git.open(clone)
    let manifest = try await repository.manifest(of: commit)
    let blobs = try await repository.blobs(manifest.lines.map(\.blob))
    #expect(blobs.count == count)
    #expect(blobs.values.filter { $0 == .missing }.count == count - 1)
    #expect(blobs.values.compactMap(\.bytes) == [Array("text 1\n".utf8)])
  }

  @Test(
    "cancelling ends a long reading, and the next question is answered",
    .timeLimit(.minutes(1))
  )
  func cancellation() async throws {
    let (git, commit) = try many(600)
    let repository = try await git.open()
    let ids = try await repository.manifest(of: commit).lines.map(\.blob)
    for chunk in [ids, Array(ids.prefix(200))] {
      let (begun, beginning) = AsyncStream<Void>.makeStream()
      let gate = Gate()
      let task = Task {
        try await repository.readBlobs(chunk) { _, _ in
          beginning.yield()
          // The first blob is held until the task is cancelled, however busy the machine is.
          while !gate.isOpen { usleep(1000) }
        }
      }
      for await _ in begun { break }
      task.cancel()
      gate.open()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    #expect(try await repository.resolve("HEAD") == commit)
  }

  @Test("an error of the receiver comes through, and the next question is answered")
  func receiverThrows() async throws {
    let (git, commit) = try many(300)
    let repository = try await git.open()
    let ids = try await repository.manifest(of: commit).lines.map(\.blob)
    for chunk in [ids, Array(ids.prefix(20))] {
      await #expect(throws: BuilderError.self) {
        try await repository.readBlobs(chunk) { _, _ in throw BuilderError(text: "stop") }
      }
    }
    #expect(try await repository.resolve("HEAD") == commit)
  }
}

/// Closed until somebody opens it.
private final class Gate: Sendable {
  private let state = Mutex(false)

  var isOpen: Bool { state.withLock { $0 } }

  func open() { state.withLock { $0 = true } }
}
