internal import TallyModel

/// A rule with what its results need of it.
struct SARIFRule {
  var rule: ImportedRule
  var guid: String?
  /// `messageStrings`: the text, else the Markdown.
  var messages: [String: String] = [:]
}

/// A tool component: the driver or an extension.
struct SARIFComponent {
  var name = ""
  var guid: String?
  var semanticVersion: String?
  var version: String?
  var dottedVersion: String?
  var rules: [SARIFRule] = []
  var globalMessages: [String: String] = [:]
  /// The first rule of each id.
  var ruleByID: [String: Int] = [:]
  var ruleByGUID: [String: Int] = [:]

  /// The component with these rules, or other descriptors, to be found by id and GUID.
  func indexed(_ rules: [SARIFRule]) -> SARIFComponent {
    var component = self
    component.rules = rules
    for (index, rule) in rules.enumerated() where !rule.rule.id.isEmpty {
      if component.ruleByID[rule.rule.id] == nil { component.ruleByID[rule.rule.id] = index }
      // A GUID is hexadecimal: its case says nothing.
      if let guid = rule.guid?.lowercased() { component.ruleByGUID[guid] = index }
    }
    return component
  }
}

/// A rule as results and overrides refer to it (SARIF 2.1.0 §3.52).
struct SARIFRuleReference {
  var id: String?
  var index: Int?
  var guid: String?
  var componentIndex: Int?
  var componentName: String?
  var componentGUID: String?
  var namesComponent: Bool {
    componentIndex != nil || componentName != nil || componentGUID != nil
  }
}

/// Where a rule is: which component (0 is the driver) and which of its rules.
struct SARIFRulePlace: Hashable {
  let component: Int
  let rule: Int
}

/// The rules of a run.
struct SARIFRules {
  /// The driver, then the extensions.
  var components = [SARIFComponent()]

  /// Finds the rule that is meant; `isMismatch` when index and id name different ones, and then the
  /// id counts.
  func find(_ reference: SARIFRuleReference) -> (place: SARIFRulePlace?, isMismatch: Bool) {
    let component = self.component(of: reference)
    let rules = components[component].rules
    if let index = reference.index, rules.indices.contains(index) {
      let found = SARIFRulePlace(component: component, rule: index)
      guard let id = reference.id, !SARIFRules.isVariant(id, of: rules[index].rule.id) else {
        return (found, false)
      }
      return (find(id: id, in: component), true)
    }
    if let guid = reference.guid, let rule = components[component].ruleByGUID[guid.lowercased()] {
      return (SARIFRulePlace(component: component, rule: rule), false)
    }
    guard let id = reference.id else { return (nil, false) }
    if let found = find(id: id, in: component) { return (found, false) }
    if reference.namesComponent { return (nil, false) }
    for other in components.indices.dropFirst() {
      if let found = find(id: id, in: other) { return (found, false) }
    }
    return (nil, false)
  }

  private func component(of reference: SARIFRuleReference) -> Int {
    if let index = reference.componentIndex, index >= 0, index + 1 < components.count {
      return index + 1
    }
    if let guid = reference.componentGUID?.lowercased(),
      let found = components.firstIndex(where: { $0.guid?.lowercased() == guid })
    {
      return found
    }
    if let name = reference.componentName,
      let found = components.firstIndex(where: { $0.name == name })
    {
      return found
    }
    return 0
  }

  /// Looks an id up; of `CA2101/5` also `CA2101` (§3.5.4, hierarchical strings).
  private func find(id: String, in component: Int) -> SARIFRulePlace? {
    var rest = id[...]
    while true {
      if let rule = components[component].ruleByID[String(rest)] {
        return SARIFRulePlace(component: component, rule: rule)
      }
      guard let slash = rest.lastIndex(of: "/") else { return nil }
      rest = rest[..<slash]
    }
  }

  /// Says whether an id is that of the rule, or that of a part of it.
  static func isVariant(_ id: String, of rule: String) -> Bool {
    id == rule || id.hasPrefix(rule + "/")
  }

  subscript(place: SARIFRulePlace) -> SARIFRule { components[place.component].rules[place.rule] }
}

/// Puts arguments for `{0}`, `{1}` … and single braces for doubled ones (SARIF 2.1.0 §3.11.5).
///
/// Text without arguments is left as it is, since tools do not double their braces then; so is a
/// number without an argument. Ends when the result is longer than `bytesMax`: what is that long is
/// refused, and a short text can ask for a very long one.
func fillPlaceholders(_ text: String, _ arguments: [String], bytesMax: Int) -> String {
  if arguments.isEmpty { return text }
  var result = ""
  var rest = text[...]
  while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
    if result.utf8.count > bytesMax { return result }
    result += rest[..<brace]
    let after = rest.index(after: brace)
    if after < rest.endIndex && rest[after] == rest[brace] {
      result.append(rest[brace])
      rest = rest[rest.index(after: after)...]
      continue
    }
    if rest[brace] == "{", let close = rest[after...].firstIndex(of: "}"),
      let number = Int(rest[after..<close]), arguments.indices.contains(number)
    {
      result += arguments[number]
      rest = rest[rest.index(after: close)...]
    } else {
      result.append(rest[brace])
      rest = rest[after...]
    }
  }
  return result + rest
}
