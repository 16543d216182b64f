"""The fault suite: the real `troly run`, a process of its own, put through every fault that it has to survive.

`rig` starts, kills and pauses the program beside a stand-in for the Bot API; `questions`, `reports` and `reminders` are
the people at it and what they are owed; `invariants` says after each case what was kept and what was not. A module
for each group of faults holds the cases; the number of a case is the fault's row in `docs/faults.md`.
"""
