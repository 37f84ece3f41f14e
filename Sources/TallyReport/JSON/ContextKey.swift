/// How a property's name is spelled in JSON.
enum ContextKey {
  /// Turns `oldestDays` into `oldest_days` and `hasURL` into `has_url`.
  static func snakeCase(_ name: String) -> String {
    var result = ""
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
      if character.isUppercase, index > 0 {
        let followsSmall = !characters[index - 1].isUppercase
        let startsWord = index + 1 < characters.count && characters[index + 1].isLowercase
        if followsSmall || startsWord { result += "_" }
      }
      result += character.lowercased()
    }
    return result
  }
}
