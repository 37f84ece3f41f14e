internal import GRDB
public import TallyModel

/// What bundles hold, as facts that can be read before they are written, on any thread.
///
/// For a journal that is empty and takes the bundles of a log whole, from its first entry on: each entry has the place here that it will have
/// there, and every answer is the one that the journal will give.
public struct BundledFacts: Sendable {
  private var fresh = FreshFacts(isEmptyBefore: true)
  private var isUnderstood = true
  private var hasConfiguration = false
  private var namesRules = false

  /// Creates the facts of no bundle.
  public init() {}

  /// How many entries there are.
  public var size: Int { fresh.ids.count }

  /// False where books cannot be made of them: too much to be kept, or something of which only the journal can say what it means.
  ///
  /// That are entries of a kind that is not known, renamed lanes, and configurations that give rules other names.
  public var suffice: Bool {
    isUnderstood && fresh.isWhole && !(hasConfiguration && namesRules)
  }

  /// Adds the bundle that follows those before it in the log.
  public mutating func add(_ bundle: EntryBundle) {
    for object in bundle.objects {
      switch object.content {
      case .sheet: SheetID(bytes: object.id).map { fresh.keep(sheet: object.bytes, as: $0) }
      case .tree(let tree): TreeID(bytes: object.id).map { fresh.keep(tree, as: $0) }
      case .manifest(let manifest):
        ManifestID(bytes: object.id).map { fresh.keep(manifest, as: $0) }
      }
    }
    for (draft, receipt) in bundle.entries {
      switch draft.body {
      case .unknown, .laneRename: isUnderstood = false
      // The list of files is a text, which only the journal keeps.
      case .scan(let record) where record.analysed != nil: isUnderstood = false
      case .config: hasConfiguration = true
      default: break
      }
      fresh.keep(draft, receipt, at: size + 1)
    }
    namesRules = namesRules || bundle.texts.contains(where: Self.mayNameRules)
  }

  /// Says whether a text could be a configuration that gives rules other names.
  private static func mayNameRules(_ text: String) -> Bool {
    var copy = text
    return copy.withUTF8 { bytes in
      let word: StaticString = "rule_aliases"
      var place = 0
      while place + word.utf8CodeUnitCount <= bytes.count {
        if bytes[place] == UInt8(ascii: "r"),
          word.withUTF8Buffer({ $0.elementsEqual(bytes[place..<place + $0.count]) })
        {
          return true
        }
        place += 1
      }
      return false
    }
  }

  /// Reads them.
  ///
  /// - Parameter body: Must not keep the reader.
  /// - Returns: What the closure returns.
  /// - Throws: ``LedgerError``, or what the closure throws.
  public func read<Value>(_ body: (LedgerReader) throws -> Value) throws -> Value {
    do {
      // What a reader would look up in tables is not there: it gets empty ones, in memory.
      return try DatabaseQueue().inDatabase { db in
        try Schema.create(db)
        return try body(LedgerReader(db, fresh: fresh))
      }
    } catch {
      throw LedgerError.surfaced(error, path: "bundles")
    }
  }
}
