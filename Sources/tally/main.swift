import TallyCommands

await TallyCommand.runProcess()
