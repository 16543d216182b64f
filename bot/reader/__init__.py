"""The second reader: a language model that an operator may set up for messages that the own reading is unsure of.

It is shown a message with names and numbers masked and a closed list of what could be meant, and may only choose from
that list. None of its words or figures is shown to anybody.
"""

from bot.reader.frame import Frame
from bot.reader.reader import SecondReader

__all__ = ["Frame", "SecondReader"]
