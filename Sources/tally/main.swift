import ArgumentParser
import TallyCommands

await TallyCommand.main()
