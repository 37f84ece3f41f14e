import CProcess
import TallyCommands

/// What was typed behind the program's name; from `/proc`, where the C library does not say.
var arguments: [String] = []
while let argument = tally_argument(CInt(arguments.count)) {
  arguments.append(String(cString: argument))
}
arguments = Array((arguments.isEmpty ? CommandLine.arguments : arguments).dropFirst())

TallyCommand.answerAtOnce(arguments)
tally_keep_memory()
await TallyCommand.runProcess(arguments)
