/// The properties of SARIF 2.1.0 that the importer reads; the raw value is the name in the file.
enum SARIFName: String, CaseIterable {
  case analysisTarget
  case arguments
  case artifactLocation
  case artifacts
  case associatedRule
  case automationDetails
  case baselineState
  case branch
  case columnKind
  case configuration
  case contextRegion
  case defaultConfiguration
  case deprecatedIds
  case descriptor
  case dottedQuadFileVersion
  case driver
  case endColumn
  case endLine
  case endTimeUtc
  case exception
  case executionSuccessful
  case exitCode
  case exitSignalName
  case extensions
  case externalPropertyFileReferences
  case fingerprints
  case fullDescription
  case fullyQualifiedName
  case globalMessageStrings
  case guid
  case helpUri
  case id
  case index
  case invocationIndex
  case invocations
  case justification
  case kind
  case level
  case location
  case locations
  case logicalLocations
  case markdown
  case message
  case messageStrings
  case name
  case notificationConfigurationOverrides
  case notifications
  case originalUriBaseIds
  case partialFingerprints
  case physicalLocation
  case processStartFailureMessage
  case properties
  case provenance
  case region
  case repositoryUri
  case results
  case revisionId
  case roles
  case rule
  case ruleConfigurationOverrides
  case ruleId
  case ruleIndex
  case rules
  case runs
  case securitySeverity = "security-severity"
  case semanticVersion
  case shortDescription
  case snippet
  case startColumn
  case startLine
  case startTimeUtc
  case state
  case status
  case suppressions
  case tags
  case text
  case tool
  case toolComponent
  case toolConfigurationNotifications
  case toolExecutionNotifications
  case uri
  case uriBaseId
  case version
  case versionControlProvenance
}

/// The objects of SARIF 2.1.0 whose properties are looked at one by one.
enum SARIFObject: Int, CaseIterable {
  case sarifLog
  case run
  case externalPropertyFileReferences
  case runAutomationDetails
  case tool
  case toolComponent
  case invocation
  case versionControlDetails
  case artifact
  case artifactContent
  case artifactLocation
  case message
  case multiformatMessageString
  case result
  case location
  case physicalLocation
  case region
  case logicalLocation
  case suppression
  case resultProvenance
  case reportingDescriptor
  case reportingConfiguration
  case configurationOverride
  case reportingDescriptorReference
  case toolComponentReference
  case notification

  /// The name the standard gives it.
  var name: String { String(describing: self) }
}

/// What becomes of a property.
enum SARIFHandling: UInt8 {
  /// Not in the standard.
  case unknown = 0
  /// It is in what the sink gets.
  case kept = 1
  /// It decides something and is not stored itself.
  case used = 2
  /// It is counted and not read.
  case ignored = 3
}
