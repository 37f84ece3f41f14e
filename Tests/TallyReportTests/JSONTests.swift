import TallyReport
import Testing

/// JSON is read strictly and written the same way every time.
@Suite("JSON")
struct JSONTests {
  @Test(
    "refuses what isn't JSON, with the place",
    arguments: [
      ("", "1:1", "the text ends early"), ("{\"a\":1,}", "1:8", "a key in quotes is expected"),
      ("{\"a\":1,\"a\":2}", "1:8", "a key is there twice"), ("[1,]", "1:4", "a value is expected"),
      ("[1 2]", "1:4", "',' or ']' is expected"),
      ("01", "1:2", "there is more text after the document"),
      ("1.", "1:3", "a value is expected"), ("nul", "1:1", "a value is expected"),
      ("\"a\nb\"", "1:3", "a control character stands in a string"),
      ("\"abc", "1:5", "a string is not closed"),
      ("\"\\x\"", "1:4", "an unknown escape stands in a string"),
      ("\"\\ud800\"", "1:8", "a surrogate is alone"), ("{\n  \"a\" 1}", "2:7", "':' is expected"),
      ("{} x", "1:4", "there is more text after the document"),
    ]
  )
  func refused(_ text: String, _ place: String, _ reason: String) {
    #expect {
      try JSONValue(parsing: text, source: "x.json")
    } throws: { error in
      (error as? JSONError)?.description == "x.json:\(place) is not valid JSON: \(reason)"
    }
  }

  @Test("refuses endless nesting")
  func nesting() {
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: "[", count: 100_000))
    }
  }

  @Test("keeps numbers as written, sorts keys, escapes only what must be")
  func written() throws {
    let text =
      #"{"b":[],"a":{"é":"\u00e9\ud83d\ude00\n\u001b\/\"\\"},"n":[1e400,-0.50,34],"t":[true,null,{}]}"#
    let value = try JSONValue(parsing: text)
    try expectGolden(value.formatted(), "json/written.json")
    #expect(try JSONValue(parsing: value.formatted()) == value)
  }

  @Test("the printed context reads as recorded")
  func context() throws {
    try expectGolden(ContextDocument(of: SampleContexts.full).json.formatted(), "json/context.json")
  }
}
