/// What the importer does with every property of the objects it looks at, and the numbers of their
/// names.
///
/// `docs/sarif.md` says the same in words; a test holds the two and the standard's list of
/// properties together.
struct SARIFSchema {
  /// The row of one object, its property names separated by blanks.
  struct Row {
    let object: SARIFObject
    let kept: String
    let used: String
    let ignored: String
  }

  /// One row an object, in the order of ``SARIFObject``.
  static let rows = [
    Row(
      object: .sarifLog,
      kept: "",
      used: "version runs",
      ignored: "$schema inlineExternalProperties properties"
    ),
    Row(
      object: .run,
      kept: """
        tool automationDetails columnKind versionControlProvenance originalUriBaseIds invocations \
        results
        """,
      used: "artifacts logicalLocations externalPropertyFileReferences",
      ignored: """
        conversion language graphs runAggregates baselineGuid redactionTokens defaultEncoding \
        defaultSourceLanguage newlineSequences threadFlowLocations taxonomies addresses \
        translations policies webRequests webResponses specialLocations properties
        """
    ),
    Row(
      object: .externalPropertyFileReferences,
      kept: "",
      used: "results",
      ignored: """
        conversion graphs externalizedProperties artifacts invocations logicalLocations \
        threadFlowLocations taxonomies addresses driver extensions policies translations \
        webRequests webResponses properties
        """
    ),
    Row(
      object: .runAutomationDetails,
      kept: "id",
      used: "",
      ignored: "description guid correlationGuid properties"
    ),
    Row(object: .tool, kept: "driver", used: "extensions", ignored: "properties"),
    Row(
      object: .toolComponent,
      kept: "name version semanticVersion dottedQuadFileVersion rules",
      used: "guid globalMessageStrings notifications",
      ignored: """
        organization product productSuite shortDescription fullDescription fullName \
        releaseDateUtc downloadUri informationUri taxa locations language \
        contents isComprehensive localizedDataSemanticVersion \
        minimumRequiredLocalizedDataSemanticVersion associatedComponent translationMetadata \
        supportedTaxonomies properties
        """
    ),
    Row(
      object: .invocation,
      kept: """
        executionSuccessful exitCode startTimeUtc endTimeUtc toolExecutionNotifications \
        toolConfigurationNotifications processStartFailureMessage
        """,
      used: "exitSignalName ruleConfigurationOverrides notificationConfigurationOverrides",
      ignored: """
        commandLine arguments responseFiles exitCodeDescription \
        exitSignalNumber machine account processId executableLocation workingDirectory \
        environmentVariables stdin stdout stderr stdoutStderr properties
        """
    ),
    Row(
      object: .versionControlDetails,
      kept: "repositoryUri revisionId branch",
      used: "",
      ignored: "revisionTag asOfTimeUtc mappedTo properties"
    ),
    Row(
      object: .artifact,
      kept: "",
      used: "location roles",
      ignored: """
        parentIndex description offset length mimeType contents encoding sourceLanguage hashes \
        lastModifiedTimeUtc properties
        """
    ),
    Row(object: .artifactContent, kept: "text", used: "", ignored: "binary rendered properties"),
    Row(
      object: .artifactLocation,
      kept: "uri uriBaseId",
      used: "index",
      ignored: "description properties"
    ),
    Row(object: .message, kept: "text", used: "markdown id arguments", ignored: "properties"),
    Row(object: .multiformatMessageString, kept: "text", used: "markdown", ignored: "properties"),
    Row(
      object: .result,
      kept: "ruleId level kind message locations fingerprints partialFingerprints suppressions",
      used: "ruleIndex rule baselineState provenance analysisTarget",
      ignored: """
        guid correlationGuid occurrenceCount stacks codeFlows graphs graphTraversals \
        relatedLocations rank attachments hostedViewerUri workItemUris fixes taxa webRequest \
        webResponse properties
        """
    ),
    Row(
      object: .location,
      kept: "physicalLocation logicalLocations",
      used: "",
      ignored: "id message annotations relationships properties"
    ),
    Row(
      object: .physicalLocation,
      kept: "artifactLocation region contextRegion",
      used: "",
      ignored: "address properties"
    ),
    Row(
      object: .region,
      kept: "startLine startColumn endLine endColumn snippet",
      used: "",
      ignored: "charOffset charLength byteOffset byteLength message sourceLanguage properties"
    ),
    Row(
      object: .logicalLocation,
      kept: "fullyQualifiedName",
      used: "name index",
      ignored: "decoratedName parentIndex kind properties"
    ),
    Row(
      object: .suppression,
      kept: "kind status justification",
      used: "state",
      ignored: "guid location properties"
    ),
    Row(
      object: .resultProvenance,
      kept: "",
      used: "invocationIndex",
      ignored: """
        firstDetectionTimeUtc lastDetectionTimeUtc firstDetectionRunGuid lastDetectionRunGuid \
        conversionSources properties
        """
    ),
    Row(
      object: .reportingDescriptor,
      kept: """
        id name deprecatedIds shortDescription fullDescription defaultConfiguration helpUri \
        properties
        """,
      used: "guid messageStrings",
      ignored: "deprecatedGuids deprecatedNames help relationships"
    ),
    Row(
      object: .reportingConfiguration,
      kept: "level",
      used: "",
      ignored: "enabled rank parameters properties"
    ),
    Row(
      object: .configurationOverride,
      kept: "",
      used: "descriptor configuration",
      ignored: "properties"
    ),
    Row(
      object: .reportingDescriptorReference,
      kept: "id",
      used: "index guid toolComponent",
      ignored: "properties"
    ),
    Row(object: .toolComponentReference, kept: "", used: "name index guid", ignored: "properties"),
    Row(
      object: .notification,
      kept: "message level locations descriptor associatedRule",
      used: "exception",
      ignored: "threadId timeUtc properties"
    ),
  ]

  /// The only one.
  static let shared = SARIFSchema()

  /// The names the reader recognizes: those of ``SARIFName`` first, in its order, then the ignored
  /// ones.
  let names: JSONNames
  private let handlings: [SARIFHandling]
  private let known = Array(SARIFName.allCases)

  private init() {
    let known = SARIFName.allCases.count
    var names = SARIFName.allCases.map(\.rawValue)
    var numbers: [String: Int] = [:]
    for (number, name) in names.enumerated() { numbers[name] = number }
    for row in SARIFSchema.rows {
      for name in row.ignored.split(separator: " ").map(String.init) where numbers[name] == nil {
        numbers[name] = names.count
        names.append(name)
      }
    }
    var handlings = [SARIFHandling](
      repeating: .unknown,
      count: SARIFObject.allCases.count * names.count
    )
    for row in SARIFSchema.rows {
      for (list, handling) in [
        (row.kept, SARIFHandling.kept), (row.used, .used), (row.ignored, .ignored),
      ] {
        for name in list.split(separator: " ") {
          guard let number = numbers[String(name)] else { continue }
          handlings[row.object.rawValue * names.count + number] = handling
        }
      }
    }
    self.handlings = handlings
    self.names = JSONNames(names: names, isPruned: names.indices.map { $0 >= known })
  }

  /// How many names there are.
  var nameCount: Int { names.names.count }

  /// What becomes of a property, by the number of its name.
  func handling(of key: UInt16, in object: SARIFObject) -> SARIFHandling {
    Int(key) < nameCount ? handlings[object.rawValue * nameCount + Int(key)] : .unknown
  }

  /// The name of a property that is kept or used.
  func name(_ key: UInt16) -> SARIFName? { Int(key) < known.count ? known[Int(key)] : nil }
}
