"""Rewrites a template's syntax tree so that nothing in it is free of charge.

Jinja2's sandbox watches attributes, calls and operators. What it compiles to plain Python
(loops, `~`, slices, literals, comparisons, captured blocks) is led through filters whose
names no template can write, so the budget sees it too.
"""

# ruff: noqa: N802 (Jinja2 finds a visitor by the name of its node)

from collections.abc import Iterable

from jinja2 import nodes
from jinja2.visitor import NodeTransformer, NodeVisitor

from scheduler.composing.trouble import SYNTAX, TemplateRefused

LOOP, JOIN, ROW, BAG, MADE, BODY, OPERAND = "*loop", "*join", "*row", "*bag", "*made", "*body", "*operand"


def guard(tree: nodes.Template) -> nodes.Template:
    """The same template with every uncounted construct led through the budget."""
    guarded = _Guard().visit(tree)
    guarded.body.insert(0, _charge(tree.body, tree.lineno))
    return guarded  # type: ignore[no-any-return]


def _through(name: str, node: nodes.Expr, args: Iterable[nodes.Expr] = ()) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)


def _charge(body: list[nodes.Node], lineno: int) -> nodes.ExprStmt:
    """A statement that charges one run of `body`: a step, and the characters it prints by itself."""
    printed = nodes.Const(_static(body), lineno=lineno)
    return nodes.ExprStmt(_through(BODY, printed), lineno=lineno)


def _static(body: list[nodes.Node]) -> int:
    return sum(
        len(found.data)
        for node in body
        for found in ([node] if isinstance(node, nodes.TemplateData) else node.find_all(nodes.TemplateData))
    )


class _Guard(NodeTransformer):
    def visit_For(self, node: nodes.For) -> nodes.For:
        if node.recursive:
            raise _unknown("A loop cannot be `recursive` here.", node)
        self.generic_visit(node)
        node.iter = _through(LOOP, node.iter)  # type: ignore[arg-type]
        node.body.insert(0, _charge(node.body, node.lineno))
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:
        self.generic_visit(node)
        node.body.insert(0, _charge(node.body, node.lineno))
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.CallBlock:
        self.generic_visit(node)
        node.body.insert(0, _charge(node.body, node.lineno))
        return node

    def visit_Block(self, node: nodes.Block) -> nodes.Block:
        self.generic_visit(node)
        node.body.insert(0, _charge(node.body, node.lineno))
        return node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.AssignBlock:
        self.generic_visit(node)
        inner = node.filter or nodes.Filter(None, MADE, [], [], None, None, lineno=node.lineno)
        node.filter = inner
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        return _through(JOIN, node.nodes[0], node.nodes[1:])

    def visit_List(self, node: nodes.List) -> nodes.Filter:
        self.generic_visit(node)
        return _through(ROW, node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:
        self.generic_visit(node)
        return _through(ROW, node) if node.ctx == "load" else node

    def visit_Dict(self, node: nodes.Dict) -> nodes.Filter:
        self.generic_visit(node)
        return _through(BAG, node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:
        self.generic_visit(node)
        return _through(MADE, node) if isinstance(node.arg, nodes.Slice) else node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:
        self.generic_visit(node)
        node.expr = _through(OPERAND, node.expr)
        for operand in node.ops:
            operand.expr = _through(OPERAND, operand.expr)
        return node

    def visit_ScopedEvalContextModifier(self, node: nodes.Node) -> nodes.Node:
        raise _unknown("`autoescape` does not exist here: posts are plain text.", node)


def _unknown(message: str, node: nodes.Node) -> TemplateRefused:
    return TemplateRefused(message, rule=SYNTAX, line=node.lineno)


class _Mentions(NodeVisitor):
    """Collects `account`, `account.name`, … and the templates that are pulled in (None: a computed name)."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.templates: set[str | None] = set()

    def visit_Name(self, node: nodes.Name) -> None:
        if node.ctx == "load":
            self.paths.add(node.name)

    def visit_Getattr(self, node: nodes.Getattr) -> None:
        if isinstance(node.node, nodes.Name):
            self.paths.add(f"{node.node.name}.{node.attr}")
        else:
            self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> None:
        self.paths.add(f"|{node.name}")
        self.generic_visit(node)

    def _pulled(self, node: nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends) -> None:
        name = node.template
        names = name.items if isinstance(name, (nodes.List, nodes.Tuple)) else [name]
        for one in names:
            plain = isinstance(one, nodes.Const) and isinstance(one.value, str)
            self.templates.add(one.value if plain else None)  # type: ignore[attr-defined]
        self.generic_visit(node)

    visit_Include = visit_Import = visit_FromImport = visit_Extends = _pulled  # noqa: N815


def size_of(tree: nodes.Template) -> int:
    """How many pieces a template is made of: what it costs to compile."""
    count, waiting = 0, list[nodes.Node]([tree])
    while waiting:
        count += 1
        waiting.extend(waiting.pop().iter_child_nodes())
    return count


def mentions(tree: nodes.Template) -> tuple[frozenset[str], frozenset[str | None]]:
    """What a template reads, as dotted paths and `|filter`, and which templates it pulls in."""
    found = _Mentions()
    found.visit(tree)
    return frozenset(found.paths), frozenset(found.templates)
