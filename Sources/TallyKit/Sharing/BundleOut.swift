import Foundation
import TallyGit
import TallyLedger
import TallyModel
import TallyReport

/// What was written to a bundle.
public struct BundleAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// The file, as it was named.
  public var file: String
  /// The hash of the content, 64 hexadecimal digits.
  public var bundle: String
  /// How many entries it holds.
  public var entries: Int
  /// How many bytes the file has.
  public var bytes: Int

  /// One sentence.
  public func text(_ style: TextStyle) -> String {
    let noun = entries == 1 ? "entry" : "entries"
    return "wrote \(entries) \(noun) to \(VisibleText.line(file))  bundle \(bundle.prefix(12))\n"
  }
}

extension Workspace {
  /// Writes what a push would put on the shared ref to a file that stands for itself.
  ///
  /// Nothing is asked over the network: what was pushed or pulled with this ledger before is known from it.
  ///
  /// - Throws: ``ShareError``, `BundleError`, `LedgerError`, `GitError`.
  public func bundle(to path: String, share: ShareRequest) async throws -> BundleAnswer {
    let ledger = try openLedger(.readOnly)
    var name: String?
    do {
      let shared = try await SharedLedger(share, workspace: self)
      name = shared.name
      shared.close()
    } catch RemoteError.unknownRemote {
      // Nothing was ever pushed from here.
    }
    let packed = try ledger.read { reader in
      let pushed = try name.map { try reader.sharedState(of: $0).pushedEntries } ?? 0
      let size = try reader.size()
      guard pushed < size else { throw ShareError.nothingNew(ledger: ledgerName) }
      return try reader.bundle(of: Array((pushed + 1)...size), after: .empty)
    }
    do {
      try Data(packed.bytes).write(to: URL(fileURLWithPath: absolute(path)), options: .atomic)
    } catch {
      throw ShareError.unwritable(path: path)
    }
    return BundleAnswer(
      file: path,
      bundle: packed.id.description,
      entries: packed.count,
      bytes: packed.bytes.count
    )
  }
}
