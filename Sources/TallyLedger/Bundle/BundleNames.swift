public import TallyModel

/// What entries and sheets name by hash.
struct BundleNames {
  private(set) var texts: Set<TextID> = []
  private(set) var trees: Set<TreeID> = []
  private(set) var manifests: Set<ManifestID> = []

  mutating func add(_ body: EntryBody) {
    switch body {
    case .scan(let record):
      if let analysed = record.analysed { texts.insert(analysed) }
      for notice in record.notices { texts.insert(notice.message) }
      for rule in record.rules {
        if let summary = rule.summary { texts.insert(summary) }
      }
    case .tests(let record):
      for item in record.cases {
        if let message = item.message { texts.insert(message) }
      }
    case .commit(let record): texts.formUnion([record.author, record.message])
    case .evidence(.manifest(_, let manifest)): manifests.insert(manifest)
    case .evidence(.capture(_, let tree)): trees.insert(tree)
    case .config(let record): for file in record.files { texts.insert(file.text) }
    case .waiver(let record): texts.insert(record.reason)
    case .attestation(let record): texts.insert(record.reason)
    case .reportIssued(let record): texts.insert(record.context)
    case .correction(let record): texts.insert(record.reason)
    case .confirmation(let record): texts.insert(record.reason)
    case .retraction(let record): texts.insert(record.reason)
    case .laneRename(let record): texts.insert(record.reason)
    // The text that a redaction takes away is not named: it has to be absent.
    case .redaction(let record): texts.insert(record.reason)
    case .measurements, .evidence, .merge, .unknown: break
    }
  }

  mutating func add(texts named: [TextID]) { texts.formUnion(named) }

  /// The project an entry is about; nil for one that is about a commit or another entry.
  static func project(of body: EntryBody) -> String? {
    switch body {
    case .scan(let record): record.lane.project
    case .tests(let record): record.lane.project
    case .measurements(let record): record.project
    case .config(let record): record.project
    case .waiver(let record): record.project
    case .attestation(let record): record.project
    case .reportIssued(let record): record.project
    case .laneRename(let record): record.to.project
    default: nil
    }
  }
}

extension Sheet {
  /// The texts that its rows name, in their order.
  var namedTexts: [TextID] {
    findings.flatMap { [$0.message] + $0.suppressions.compactMap(\.justification) }
  }
}

extension EntryBody {
  /// The project an entry is about; nil for one that is about a commit or another entry.
  public var project: String? { BundleNames.project(of: self) }
}
