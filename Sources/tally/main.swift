import TallyCommands

TallyCommand.begin()
await TallyCommand.runProcess()
