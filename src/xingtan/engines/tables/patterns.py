"""Patterns for school codes, matched in time that grows with the code alone.

A mapping file comes from anybody who may import, and Python's `re` needs exponential time for a pattern such as
``(a+)+b``: one line of a mapping would stop the worker for good. Here a pattern becomes a small automaton whose states
are followed side by side (Thompson 1968), so nothing is ever tried twice. Back references and look-around, which no
automaton can do, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

MAX_PATTERN: Final = 200
MAX_STATES: Final = 500
MAX_CODE: Final = 100
"""Longer texts are no code and match nothing."""
MAX_DEPTH: Final = 20

_REPEAT: Final = re.compile(r"\{(?=[0-9,])([0-9]{0,4})(,([0-9]{0,4}))?\}")
_CLASS: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_ESCAPES: Final = frozenset("dDwWsSnrtfv")
_KEPT: Final = 5_000
"""Steps of the automaton that are remembered."""

Test = Callable[[str], object]
Fragment = tuple[int, int]
"""Entry and exit state of a part of the automaton."""


class PatternError(ValueError):
    """A pattern is not one of those understood; the message says why."""


class CodePattern:
    """A pattern that a whole text must match: literals, ``.``, ``[…]``, ``\\d \\w \\s``, groups, ``|``, ``* + ? {m,n}``."""

    def __init__(self, text: str) -> None:
        """Read a pattern; raise `PatternError`."""
        if len(text) > MAX_PATTERN:
            raise PatternError(f"longer than {MAX_PATTERN} characters")
        # Everybody writes ^ and $, and a whole text is matched anyway.
        text = text.removeprefix("^")
        text = text[:-1] if text.endswith("$") and not text.endswith("\\$") else text
        self._text, self._at, self._depth = text, 0, 0
        self._tests: list[Test | None] = []
        self._next: list[list[int]] = []
        start, self._end = self._either()
        if self._at < len(text):
            raise PatternError(f"“)” at {self._at + 1} closes nothing")
        self._first = self._closure({start})
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def matches(self, text: str) -> bool:
        """Whether the whole text fits."""
        if len(text) > MAX_CODE:
            return False
        states = self._first
        for character in text:
            states = self._step(states, character)
            if not states:
                return False
        return self._end in states

    def _step(self, states: frozenset[int], character: str) -> frozenset[int]:
        """Where reading a character leads; codes of one kind take the same few steps again and again."""
        found = self._steps.get((states, character))
        if found is None:
            if len(self._steps) >= _KEPT:
                self._steps.clear()
            read = (one for one in states if (test := self._tests[one]) is not None and test(character))
            found = self._closure({after for one in read for after in self._next[one]})
            self._steps[states, character] = found
        return found

    def _closure(self, states: set[int]) -> frozenset[int]:
        """The states together with all that are reached without reading a character."""
        waiting = list(states)
        while waiting:
            one = waiting.pop()
            if self._tests[one] is None:
                fresh = set(self._next[one]) - states
                states |= fresh
                waiting += fresh
        return frozenset(states)

    def _state(self, test: Test | None = None) -> int:
        if len(self._tests) >= MAX_STATES:
            raise PatternError("too large: use fewer or smaller repetitions")
        self._tests.append(test)
        self._next.append([])
        return len(self._tests) - 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _either(self) -> Fragment:
        """Alternatives, up to a closing bracket or the end."""
        start, end = self._state(), self._state()
        while True:
            first, last = self._sequence()
            self._next[start].append(first)
            self._next[last].append(end)
            if self._peek() != "|":
                return start, end
            self._at += 1

    def _sequence(self) -> Fragment:
        start = end = self._state()
        while (here := self._peek()) and here not in "|)":
            first, last = self._repeated()
            self._next[end].append(first)
            end = last
        return start, end

    def _repeated(self) -> Fragment:
        """One part with what says how often; a counted part is read, and so copied, that many times."""
        begin = self._at
        once = self._one()
        low, high = self._times()
        finish = self._at
        if (low, high) == (1, 1):
            return once
        start = end = self._state()
        for number in range(low if high is None else max(low, high)):
            self._at = begin
            first, last = once if number == 0 else self._one()
            if number >= low:
                self._next[last].append(skip := self._state())
                self._next[end].append(skip)
                last = skip
            self._next[end].append(first)
            end = last
        if high is None:
            self._at = begin
            first, last = once if low == 0 else self._one()
            loop = self._state()
            self._next[end].append(loop)
            self._next[loop].append(first)
            self._next[last].append(loop)
            end = loop
        self._at = finish
        return start, end

    def _times(self) -> tuple[int, int | None]:
        """How often the part before stands: least and most, None for any number."""
        here = self._peek()
        if here in ("*", "+", "?"):
            self._at += 1
            times: tuple[int, int | None] = {"*": (0, None), "+": (1, None), "?": (0, 1)}[here]
        elif found := _REPEAT.match(self._text, self._at):
            self._at = found.end()
            low = int(found[1] or 0)
            times = (low, low if found[2] is None else int(found[3]) if found[3] else None)
            if times[1] is not None and times[1] < low:
                raise PatternError(f"“{found[0]}” counts backwards")
        else:
            return 1, 1
        if self._peek() in ("*", "+", "?"):
            raise PatternError(f"“{self._peek()}” at {self._at + 1} follows another repetition")
        return times

    def _one(self) -> Fragment:
        here = self._peek()
        if here == "(":
            return self._group()
        if here in ("*", "+", "?", "^", "$"):
            raise PatternError(f"“{here}” at {self._at + 1} is not understood here; the whole code is matched anyway")
        if here == "[":
            found = _CLASS.match(self._text, self._at)
            if found is None:
                raise PatternError(f"“[” at {self._at + 1} is not closed")
            return self._character(found[0])
        if here == "\\":
            after = self._text[self._at + 1 : self._at + 2]
            if not after or (after.isalnum() and after not in _ESCAPES):
                raise PatternError(f"“\\{after}” at {self._at + 1} is not understood")
            return self._character(here + after)
        return self._character(here if here == "." else re.escape(here), width=1)

    def _group(self) -> Fragment:
        opened = self._at + 1
        self._at += 3 if self._text.startswith("(?:", self._at) else 1
        if self._peek() == "?":
            raise PatternError(f"“(?” at {opened} is not understood")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise PatternError(f"more than {MAX_DEPTH} brackets inside of each other")
        inner = self._either()
        self._depth -= 1
        if self._peek() != ")":
            raise PatternError(f"“(” at {opened} is not closed")
        self._at += 1
        return inner

    def _character(self, source: str, width: int | None = None) -> Fragment:
        """A state that reads one character; a pattern of one character has nothing to try twice."""
        try:
            test = re.compile(source, re.DOTALL).fullmatch
        except re.error as error:
            raise PatternError(f"“{source}”: {error}") from error
        self._at += len(source) if width is None else width
        start, end = self._state(test), self._state()
        self._next[start].append(end)
        return start, end
