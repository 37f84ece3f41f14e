import TallyCommands

TallyCommand.answerAtOnce()
await TallyCommand.runProcess()
