import CAllocator
import TallyCommands

TallyCommand.answerAtOnce()
tally_use_one_arena()
await TallyCommand.runProcess()
