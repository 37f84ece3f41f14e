/// Folders that hold what others wrote: packages that were installed, headers and libraries of a system.
///
/// A file in one of them is a file of the commit only where the commit has that folder, too.
enum ForeignFolders {
  /// Where package managers put what they fetch, and compilers what they bring.
  private static let folders: [[Substring]] = [
    "node_modules", "bower_components", "site-packages", "dist-packages", ".venv", ".tox", ".nox",
    ".cargo", ".rustup", ".gradle", ".m2", ".ivy2", ".konan", ".nuget", ".gem", ".pub-cache",
    ".conan", ".conan2", ".stack", ".cabal", ".npm", ".yarn", ".pnpm-store", ".hunter", "Pods",
    "go/pkg/mod", "vendor/bundle", "DerivedData", ".build/checkouts",
  ].map { $0.split(separator: "/") }

  /// The same from the top of a file system.
  private static let tops: [[Substring]] = [
    "usr/include", "usr/lib", "usr/lib32", "usr/lib64", "usr/share", "usr/local/include",
    "usr/local/lib", "usr/local/go", "usr/local/share", "lib", "lib64", "nix/store",
    "opt/homebrew", "opt/local", "opt/hostedtoolcache", "Library/Developer", "System/Library",
    "Applications", "Program Files", "Program Files (x86)", "ProgramData", "Windows",
  ].map { $0.split(separator: "/") }

  /// Finds the last such folder in the components of a path.
  ///
  /// - Parameters:
  ///   - parts: the components.
  ///   - isAbsolute: true where they begin at the top of a file system, or with a drive.
  /// - Returns: The component in which it begins; nil where there is none.
  static func last(in parts: [Substring], isAbsolute: Bool) -> Int? {
    let start = isAbsolute && parts.first?.last == ":" ? 1 : 0
    let top = isAbsolute && tops.contains { parts.dropFirst(start).starts(with: $0) }
    let inner = parts.indices.last { at in folders.contains { parts[at...].starts(with: $0) } }
    return inner ?? (top ? 0 : nil)
  }
}
