/// The version of this build.
public enum TallyVersion {
  /// The number that `--version` prints and footers carry.
  public static let text = "0.1.0"
}
