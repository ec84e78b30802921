"""The small changes that can be made in a source."""

import ast
from collections import Counter
from dataclasses import dataclass

_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}
"""What takes an operator's place."""

_ALREADY_TURNED = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
"""A condition that is one comparison of these is turned round by another operator in its place."""

_DESCRIBING = {"field", "dataclass", "TypeVar", "cast"}
"""Calls that say how something is declared, not what is done."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change in one place of one file.

    Attributes
    ----------
    file : str
        Its path from the root, with slashes.
    line : int
    where : str
        The function or class that it is in, with dots; empty at the top of a module.
    was, now : str
        `now` takes the place of `was`.
    nth : int
        Which of the same changes in the same function it is, from 1 on.
    span : tuple of int
        Where the change is, in bytes of the file.
    """

    file: str
    line: int
    where: str
    was: str
    now: str
    nth: int
    span: tuple[int, int]

    @property
    def name(self) -> str:
        """What it is known by as long as its function stays as it is, wherever that stands."""
        return f"{self.file} {self.where}: {self.was} -> {self.now}{f' #{self.nth}' * (self.nth > 1)}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.where}: {self.was} -> {self.now}"

    @property
    def replacement(self) -> str:
        """What is written in the place of what was."""
        return self.now if self.now in ("pass", "return None") else f"({self.now})"

    def made_in(self, source: bytes) -> bytes:
        """Return the source with the change."""
        begin, end = self.span
        return source[:begin] + self.replacement.encode() + source[end:]


def mutants_of(source: bytes, file: str) -> list[Mutant]:
    """Return every change that can be made, in the order of the source."""
    walk = _Walk(source, file)
    walk.visit(ast.parse(source))
    return walk.found


class _Walk(ast.NodeVisitor):
    """Goes through what is done, and leaves out what only describes: annotations, decorators, texts."""

    def __init__(self, source: bytes, file: str) -> None:
        self.found: list[Mutant] = []
        self._source, self._file = source, file
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._inside: list[str] = []
        self._seen: Counter[tuple[str, str, str]] = Counter()
        self._in_function = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before, self._in_function = self._in_function, True
        self._within(node.name, [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body])
        self._in_function = before

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._within(node.name, node.body)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._left_out(node, [node.target])
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._left_out(node, node.targets)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._found(node, "pass")
        self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call) and self._in_function:
            self._found(node, "pass")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            self._found(node, "return None")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._found(node, "pass")

    def visit_Break(self, node: ast.Break) -> None:
        self._found(node, "pass")

    def visit_Continue(self, node: ast.Continue) -> None:
        self._found(node, "pass")

    def visit_If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self._turned(node.test)
            self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._turned(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._turned(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self._turned(condition)
        self.generic_visit(node)

    def visit_match_case(self, node: ast.match_case) -> None:
        if node.guard is not None:
            self._turned(node.guard)
            self.visit(node.guard)
        for part in node.body:
            self.visit(part)

    def visit_Compare(self, node: ast.Compare) -> None:
        for place, operator in enumerate(node.ops):
            if type(operator) in _OTHER:
                changed = [*node.ops[:place], _OTHER[type(operator)](), *node.ops[place + 1:]]
                self._found(node, ast.unparse(ast.Compare(node.left, changed, node.comparators)))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self._found(node, ast.unparse(ast.BoolOp(_OTHER[type(node.op)](), node.values)))
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in _OTHER:
            other = _OTHER[type(node.op)]()
            self._found(node, ast.unparse(ast.BinOp(node.left, other, node.right)))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._found(node, ast.unparse(node.operand))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._found(node, str(not node.value))
        elif isinstance(node.value, int | float):
            self._found(node, repr(node.value + 1))

    def visit_Call(self, node: ast.Call) -> None:
        if not (isinstance(node.func, ast.Name) and node.func.id in _DESCRIBING):
            self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave out what texts are made of; Python 3.11 does not know where it stands either."""

    def _within(self, name: str, parts: list[ast.expr] | list[ast.stmt] | list[ast.AST]) -> None:
        self._inside.append(name)
        for part in parts:
            self.visit(part)
        self._inside.pop()

    def _left_out(self, node: ast.stmt, targets: list[ast.expr]) -> None:
        """What is kept in an object may be left out; a name that is not there would be noticed by anything."""
        if self._in_function and all(isinstance(target, ast.Attribute | ast.Subscript) for target in targets):
            self._found(node, "pass")

    def _turned(self, condition: ast.expr) -> None:
        single = isinstance(condition, ast.Compare) and len(condition.ops) == 1
        if isinstance(condition, ast.Constant) or (isinstance(condition, ast.UnaryOp)
                                                   and isinstance(condition.op, ast.Not)):
            return
        if not (single and isinstance(condition.ops[0], _ALREADY_TURNED)):
            self._found(condition, ast.unparse(ast.UnaryOp(ast.Not(), condition)))

    def _found(self, node: ast.stmt | ast.expr, now: str) -> None:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        begin = self._lines[node.lineno - 1] + node.col_offset
        end = self._lines[node.end_lineno - 1] + node.end_col_offset
        where, was = ".".join(self._inside), ast.unparse(node)
        nth = self._seen[where, was, now] = self._seen[where, was, now] + 1
        self.found.append(Mutant(self._file, node.lineno, where, was, now, nth, (begin, end)))
