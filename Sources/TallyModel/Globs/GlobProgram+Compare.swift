extension GlobProgram {
  /// Prefix and rest as one list.
  private var allSteps: [Step] { prefix.map(Step.byte) + steps }

  /// The only text that matches; nil for a pattern with wildcards.
  private var literal: [UInt8]? { steps.isEmpty ? prefix : nil }

  /// Says whether no text can match both, as far as their literal beginnings and ends tell; false where they don't.
  func isDisjoint(with other: GlobProgram) -> Bool {
    if let literal { return !literal.withUnsafeBufferPointer(other.matches) }
    if let literal = other.literal { return !literal.withUnsafeBufferPointer(matches) }
    let (left, right) = (allSteps, other.allSteps)
    return Self.differ(left, right) || Self.differ(left.reversed(), right.reversed())
  }

  /// Says whether every match of the other is one of this, as far as can be told without searching; false where it cannot.
  func contains(_ other: GlobProgram) -> Bool {
    if self == other { return true }
    if let literal = other.literal { return literal.withUnsafeBufferPointer(matches) }
    // `a/b/**` holds whatever begins with `a/b/`.
    return steps == [.run(crossesSlash: true)] && other.prefix.starts(with: prefix)
  }

  /// True when two texts differ before the first wildcard of either.
  private static func differ(_ left: some Sequence<Step>, _ right: some Sequence<Step>) -> Bool {
    for (one, other) in zip(left, right) {
      guard case .byte(let first) = one, case .byte(let second) = other else { return false }
      if first != second { return true }
    }
    return false
  }
}
