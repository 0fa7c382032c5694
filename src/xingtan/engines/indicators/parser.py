"""From tokens to a syntax tree, by recursive descent with a bounded depth."""

from __future__ import annotations

from decimal import Decimal

from xingtan.engines.indicators.errors import ExpressionError
from xingtan.engines.indicators.lexer import Token, tokenize
from xingtan.engines.indicators.syntax import (
    KEYWORDS,
    Boolean,
    Call,
    Chain,
    Comparison,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
    NotApplicable,
    Number,
    TextLiteral,
    canonical,
)

MAX_DEPTH = 40
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def parse(source: str) -> Node:
    """The tree of an expression; names are not looked up yet. Errors: ExpressionError."""
    return _Parser(source).whole()


def canonical_text(source: str) -> str:
    """The one spelling of what `source` says. Errors: ExpressionError."""
    return canonical(parse(source))


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        if self.now.kind == "end":
            raise ExpressionError("empty", self.source, 0, 0)
        node = self.either()
        if self.now.kind != "end":
            raise self.unexpected("an operator or the end")
        return node

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.now
        self.at += 1
        return token

    def is_symbol(self, *texts: str) -> bool:
        return self.now.kind == "symbol" and self.now.text in texts

    def is_word(self, *words: str, ahead: int = 0) -> bool:
        token = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        return token.kind == "name" and token.text.lower() in words

    def unexpected(self, expected: str) -> ExpressionError:
        token = self.now
        if token.kind == "end":
            return ExpressionError("unexpected_end", self.source, token.start, token.end, expected=expected)
        found = self.source[token.start : token.end][:40]
        return ExpressionError("unexpected_token", self.source, token.start, token.end, found=found, expected=expected)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("too_deep", self.source, self.now.start, self.now.end, limit=MAX_DEPTH)

    def either(self) -> Node:
        return self.logic("or")

    def logic(self, word: str) -> Node:
        terms = [self.logic("and") if word == "or" else self.negation()]
        while self.is_word(word):
            self.take()
            terms.append(self.logic("and") if word == "or" else self.negation())
        if len(terms) == 1:
            return terms[0]
        # a and (b and c) says what a and b and c says
        flat: list[Node] = []
        for term in terms:
            flat += term.terms if isinstance(term, Logic) and term.operator == word else (term,)
        return Logic(terms[0].start, terms[-1].end, word, tuple(flat))

    def negation(self) -> Node:
        if not self.is_word("not"):
            return self.comparison()
        start = self.take().start
        self.deeper()
        operand = self.negation()
        self.depth -= 1
        return Not(start, operand.end, operand)

    def comparison(self) -> Node:
        first = self.chain("+", "-")
        if self.is_word("in") or (self.is_word("not") and self.is_word("in", ahead=1)):
            return self.member(first)
        rest: list[tuple[str, Node]] = []
        while self.is_symbol(*_COMPARISONS):
            token = self.take()
            rest.append((token.text, self.chain("+", "-")))
            if len(rest) > 1 and "!=" in (rest[0][0], rest[-1][0]):
                raise ExpressionError("chain_not_equal", self.source, token.start, token.end)
        return Comparison(first.start, rest[-1][1].end, first, tuple(rest)) if rest else first

    def member(self, item: Node) -> Node:
        negated = self.is_word("not")
        if negated:
            self.take()
        self.take()
        opening = self.now
        if not self.is_symbol("("):
            raise self.unexpected("( and a list of values")
        self.take()
        options = [self.literal()]
        while self.is_symbol(","):
            self.take()
            options.append(self.literal())
        end = self.close(opening)
        return Member(item.start, end, item, tuple(options), negated)

    def literal(self) -> Node:
        token = self.now
        if token.kind == "number":
            return self.number()
        if self.is_symbol("-") and self.tokens[self.at + 1].kind == "number":
            start = self.take().start
            number = self.number()
            return Number(start, number.end, -number.value)
        if token.kind == "text":
            self.take()
            return TextLiteral(token.start, token.end, token.text)
        raise self.unexpected("a number or a text in quotation marks")

    def close(self, opening: Token) -> int:
        if self.is_symbol(")"):
            return self.take().end
        if self.now.kind == "end":
            raise ExpressionError("unclosed_bracket", self.source, opening.start, opening.end)
        raise self.unexpected("an operator, a comma or )")

    def chain(self, *signs: str) -> Node:
        additive = "+" in signs
        first = self.chain("*", "/") if additive else self.factor()
        rest: list[tuple[str, Node]] = []
        while self.is_symbol(*signs):
            sign = self.take().text
            rest.append((sign, self.chain("*", "/") if additive else self.factor()))
        if not rest:
            return first
        end = rest[-1][1].end
        if isinstance(first, Chain) and first.additive == additive:  # (a - b) - c says what a - b - c says
            return Chain(first.start, end, first.first, (*first.rest, *rest))
        return Chain(first.start, end, first, tuple(rest))

    def factor(self) -> Node:
        if not self.is_symbol("-", "+"):
            return self.atom()
        sign = self.take()
        self.deeper()
        operand = self.factor()
        self.depth -= 1
        return Negative(sign.start, operand.end, operand) if sign.text == "-" else operand

    def number(self) -> Number:
        token = self.take()
        if self.is_symbol("%"):
            return Number(token.start, self.take().end, float(Decimal(token.text) / 100))
        return Number(token.start, token.end, float(token.text))

    def atom(self) -> Node:
        token = self.now
        if token.kind == "number":
            return self.number()
        if token.kind == "text":
            self.take()
            return TextLiteral(token.start, token.end, token.text)
        if token.kind == "name":
            return self.named()
        if self.is_symbol("("):
            self.take()
            self.deeper()
            node = self.either()
            self.close(token)
            self.depth -= 1
            return node
        raise self.unexpected("a number, a name or (")

    def named(self) -> Node:
        token = self.now
        word = token.text.lower()
        if word in ("true", "false"):
            self.take()
            return Boolean(token.start, token.end, word == "true")
        if word == "not_applicable":
            self.take()
            return NotApplicable(token.start, token.end)
        if word in KEYWORDS:
            raise self.unexpected("a number, a name or (")
        self.take()
        if not self.is_symbol("("):
            return Name(token.start, token.end, token.text)
        opening = self.take()
        self.deeper()
        arguments: list[Node] = []
        if not self.is_symbol(")"):
            arguments.append(self.either())
            while self.is_symbol(","):
                self.take()
                arguments.append(self.either())
        end = self.close(opening)
        self.depth -= 1
        return Call(token.start, end, word, tuple(arguments))
