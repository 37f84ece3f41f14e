/// Makes lines of code that are not alike, as real ones are not.
enum SimWords {
  private static let nouns = [
    "account", "basket", "cursor", "digest", "engine", "folder", "gateway", "handler", "index",
    "journal", "kernel", "ledger", "message", "notice", "order", "packet", "queue", "record",
    "session", "ticket", "upload", "vector", "worker", "yield", "zone",
  ]
  private static let verbs = [
    "append", "build", "collect", "drain", "encode", "fetch", "grant", "hold", "infer", "join",
    "keep", "load", "merge", "notify", "open", "pack", "query", "render", "send", "trim",
  ]

  private static func word(_ random: inout SplitMix64) -> String {
    "\(random.pick(verbs) ?? "do")_\(random.pick(nouns) ?? "it")"
  }

  /// A line without a defect; the number makes it unique.
  static func clean(_ number: Int, _ random: inout SplitMix64) -> String {
    let (one, other, third) = (word(&random), word(&random), word(&random))
    return switch random.below(6) {
    case 0: "\(one)_\(number) = \(other)(\(third), \(number))"
    case 1: "if \(one) is not \(other)_\(number): \(third)()"
    case 2: "for \(one) in \(other)_\(number)[\(number):]: yield \(third)"
    case 3: "assert \(one).\(other)_\(number) >= \(number), \"\(third)\""
    case 4: "self.\(one)_\(number) += len(\(other)) * \(third)"
    default: "with \(one)(\(other)) as \(third)_\(number): pass"
    }
  }

  /// A line that the tool has something to say about; the number makes it unique.
  static func planted(_ number: Int, _ random: inout SplitMix64) -> String {
    let (one, other, third) = (word(&random), word(&random), word(&random))
    return switch random.below(6) {
    case 0: "\(one)_\(number) = redis.Redis(\(other), \(third))"
    case 1: "return \(one)(redis.from_url(\(other)_\(number)), \(third)=True)"
    case 2: "lambda \(one): \(other)_\(number) or \(third)[\"password\"]"
    case 3: "import \(one)_\(number), \(other) as \(third)"
    case 4: "def \(one)_\(number)(\(other)=list(), \(third)={}): ..."
    default: "\(one).\(other)_\(number) = \(third) @ os.environ[\"\(number)\"]"
    }
  }
}
