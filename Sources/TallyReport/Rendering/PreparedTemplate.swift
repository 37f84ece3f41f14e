import Mustache
import Synchronization

/// A template that is checked and read once, by whoever needs it first.
final class PreparedTemplate: Sendable {
  let template: TemplateSet.Template
  private let set: TemplateSet
  private let made = Mutex<Result<MustacheLibrary, TemplateError>?>(nil)

  init(_ template: TemplateSet.Template, in set: TemplateSet) {
    self.template = template
    self.set = set
  }

  /// The template with its partials; waits for another who is at it.
  ///
  /// - Throws: ``TemplateError`` when it or a partial is wrong.
  func library() throws(TemplateError) -> MustacheLibrary {
    try made.withLock { made in
      let result = made ?? Result { () throws(TemplateError) in try read() }
      made = result
      return result
    }.get()
  }

  private func read() throws(TemplateError) -> MustacheLibrary {
    // What ships is checked by the tests of this package.
    if !set.isAllBuiltIn {
      let problems = TemplateChecker.problems(of: template, in: set, schema: .report)
      if !problems.isEmpty { throw .invalid(problems) }
    }
    do {
      return try MustacheBridge.library(for: template, in: set)
    } catch {
      throw .invalid([Renderer.problem(template, error)])
    }
  }
}
